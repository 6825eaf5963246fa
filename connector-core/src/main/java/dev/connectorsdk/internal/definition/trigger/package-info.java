/** Operations that start work. */
@NullMarked
package dev.connectorsdk.internal.definition.trigger;

import org.jspecify.annotations.NullMarked;
