/** Files that need more than to be written: temporary ones, whole ones, those with keys. */
@NullMarked
package dev.connectorsdk.internal.file;

import org.jspecify.annotations.NullMarked;
