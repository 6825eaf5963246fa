/** Temporary files. */
@NullMarked
package dev.connectorsdk.internal.file;

import org.jspecify.annotations.NullMarked;
