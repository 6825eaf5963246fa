/**
 * Gateways to services that only an inside network reaches.
 *
 * <p>Members of a gateway are processes inside such a network, which dial out to the host and carry
 * requests for it. {@link dev.connectorsdk.gateway.Gateways} says which gateways there are, who
 * their members are, and who may make connections through them.
 */
@NullMarked
package dev.connectorsdk.gateway;

import org.jspecify.annotations.NullMarked;
