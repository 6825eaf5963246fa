/**
 * The HTTP client that connector code gets, already bound to a connection.
 *
 * <p>Start at {@link dev.connectorsdk.api.http.ConnectorHttp}.
 */
@NullMarked
package dev.connectorsdk.api.http;

import org.jspecify.annotations.NullMarked;
