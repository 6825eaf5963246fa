/**
 * Making, testing, changing and deleting connections.
 *
 * <p>Start at {@link dev.connectorsdk.connection.Connections}, which {@code
 * ConnectorRuntime.connections()} returns, and {@link dev.connectorsdk.connection.ConnectionSpec},
 * which holds what a user entered.
 */
@NullMarked
package dev.connectorsdk.connection;

import org.jspecify.annotations.NullMarked;
