/** The one entry point of a host: {@link dev.connectorsdk.runtime.ConnectorRuntime}. */
@NullMarked
package dev.connectorsdk.runtime;

import org.jspecify.annotations.NullMarked;
