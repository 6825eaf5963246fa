/** Hosts whose web server hands webhooks over. */
@NullMarked
package dev.connectorsdk.examples.webhooks;

import org.jspecify.annotations.NullMarked;
