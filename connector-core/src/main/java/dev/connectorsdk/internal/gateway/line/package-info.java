/**
 * The line between a host and a member of a gateway: its frames, its streams, its signs of life.
 *
 * <p>A line is one WebSocket that the member has dialled; each binary message is one {@link
 * dev.connectorsdk.internal.gateway.line.Frame}. The host opens a {@link
 * dev.connectorsdk.internal.gateway.line.LineStream} for each exchange with a service: heads are
 * JSON, bodies are pieces under a window for each direction. {@link
 * dev.connectorsdk.internal.gateway.line.Line} is the same on both sides.
 */
@NullMarked
package dev.connectorsdk.internal.gateway.line;

import org.jspecify.annotations.NullMarked;
