/**
 * Connections: made, tested, changed, deleted, and opened for calls.
 *
 * <p>Hosts use {@link dev.connectorsdk.connection.Connections}, {@link
 * dev.connectorsdk.connection.ConnectionSpec} and {@link
 * dev.connectorsdk.connection.ConnectionTestResult}. The other public types are for the runtime's
 * other rooms and may change in any release.
 */
@NullMarked
package dev.connectorsdk.connection;

import org.jspecify.annotations.NullMarked;
