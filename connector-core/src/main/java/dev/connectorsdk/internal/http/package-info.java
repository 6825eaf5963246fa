/**
 * Requests on behalf of a connection: where they may go, their credential, when they are repeated.
 */
@NullMarked
package dev.connectorsdk.internal.http;

import org.jspecify.annotations.NullMarked;
