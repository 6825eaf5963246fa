package dev.connectorsdk.api.file;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a file besides its content.
 *
 * @param name the name that the service suggests in {@code Content-Disposition} (RFC 6266), without
 *     folders; {@code null} if it suggests none that could be a file's
 * @param contentType the media type with its parameters, or {@code null} if the service names none
 * @param size how many bytes the content has; -1 as long as that is unknown
 * @param etag the {@code ETag} as the service writes it, or {@code null} if there is none
 */
public record FileInfo(
    @Nullable String name, @Nullable String contentType, long size, @Nullable String etag) {

  /** Returns a copy with another size. */
  public FileInfo withSize(long size) {
    return new FileInfo(name, contentType, size, etag);
  }
}
