/**
 * What can go wrong, as one sealed family.
 *
 * <p>Every exception that this library throws on purpose is a {@link
 * dev.connectorsdk.api.error.ConnectorException}, which says whether a retry can help, whether a
 * person must act, and what to do. Misuse of the API itself stays an {@link
 * java.lang.IllegalArgumentException} or {@link java.lang.IllegalStateException}.
 */
@NullMarked
package dev.connectorsdk.api.error;

import org.jspecify.annotations.NullMarked;
