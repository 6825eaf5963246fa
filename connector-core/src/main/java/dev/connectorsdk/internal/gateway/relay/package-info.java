/**
 * The host's side of gateways: who holds a line, and how requests go over it.
 *
 * <p>{@link dev.connectorsdk.internal.gateway.relay.Relay} takes in lines and makes HTTP clients
 * whose requests go over them.
 */
@NullMarked
package dev.connectorsdk.internal.gateway.relay;

import org.jspecify.annotations.NullMarked;
