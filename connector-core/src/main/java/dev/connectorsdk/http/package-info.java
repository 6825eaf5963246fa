/**
 * HTTP bound to a connection: base URL, hosts, credentials, limits, retries.
 *
 * <p>{@link dev.connectorsdk.http.HttpLimits} is for hosts. The other public types are for the
 * runtime's other rooms and may change in any release.
 */
@NullMarked
package dev.connectorsdk.http;

import org.jspecify.annotations.NullMarked;
