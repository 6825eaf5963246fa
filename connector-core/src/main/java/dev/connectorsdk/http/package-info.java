/** How long calls may take, how large answers may be, and how often a request is sent. */
@NullMarked
package dev.connectorsdk.http;

import org.jspecify.annotations.NullMarked;
