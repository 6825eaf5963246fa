/**
 * The side of gateways that is inside the network: dials the host, and carries out what it is sent.
 *
 * <p>{@link dev.connectorsdk.internal.gateway.agent.Agent} holds the lines; {@link
 * dev.connectorsdk.internal.gateway.agent.Errands} carries requests out.
 */
@NullMarked
package dev.connectorsdk.internal.gateway.agent;

import org.jspecify.annotations.NullMarked;
