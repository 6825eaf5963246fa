/** Operations: read as a whole, called, and described by JSON Schema. */
@NullMarked
package dev.connectorsdk.internal.definition.operation;

import org.jspecify.annotations.NullMarked;
