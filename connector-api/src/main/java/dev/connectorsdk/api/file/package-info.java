/**
 * Files of any size, which pass through a call without being held in memory.
 *
 * <p>Start at {@link dev.connectorsdk.api.file.FileTarget} for downloads, and at {@link
 * dev.connectorsdk.api.file.FileSource} for uploads.
 */
@NullMarked
package dev.connectorsdk.api.file;

import org.jspecify.annotations.NullMarked;
