/**
 * What the runtime reports to a host about its work, without payloads or secrets.
 *
 * <p>Give a {@link dev.connectorsdk.api.event.ConnectorListener} to the runtime's builder.
 */
@NullMarked
package dev.connectorsdk.api.event;

import org.jspecify.annotations.NullMarked;
