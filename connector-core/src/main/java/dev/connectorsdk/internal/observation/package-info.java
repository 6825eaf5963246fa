/** Tells whoever measures and traces what the runtime does. */
@NullMarked
package dev.connectorsdk.internal.observation;

import org.jspecify.annotations.NullMarked;
