/** Which connection a reference stands for. */
@NullMarked
package dev.connectorsdk.internal.reference;

import org.jspecify.annotations.NullMarked;
