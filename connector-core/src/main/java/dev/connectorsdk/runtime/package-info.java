/** Where a host starts: {@link dev.connectorsdk.runtime.ConnectorRuntime}. */
@NullMarked
package dev.connectorsdk.runtime;

import org.jspecify.annotations.NullMarked;
