/** Connectors that are registered while the runtime runs. */
@NullMarked
package dev.connectorsdk.internal.registration;

import org.jspecify.annotations.NullMarked;
