/** JSON Schemas of inputs and outputs, and the check against them. */
@NullMarked
package dev.connectorsdk.internal.schema;

import org.jspecify.annotations.NullMarked;
