package dev.connectorsdk.api.http;

import dev.connectorsdk.api.file.FileSource;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One part of a {@code multipart/form-data} body, RFC 7578.
 *
 * @param name the field's name
 * @param fileName the file's name, or {@code null} if the part is not a file
 * @param contentType the media type, or {@code null} for none
 * @param content read when the request is sent; its own name and type do not count
 */
public record Part(
    String name, @Nullable String fileName, @Nullable String contentType, FileSource content) {

  public Part {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
  }

  /** Returns a field with a text. */
  public static Part text(String name, String value) {
    return new Part(name, null, null, FileSource.of(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** Returns a file with content that is in memory, which is not copied. */
  public static Part file(String name, String fileName, String contentType, byte[] content) {
    return new Part(name, fileName, contentType, FileSource.of(content));
  }

  /**
   * Returns a file with the source's own name and content type, or that of the field and {@code
   * application/octet-stream} if it has none.
   */
  public static Part file(String name, FileSource file) {
    return new Part(
        name,
        Objects.requireNonNullElse(file.name(), name),
        Objects.requireNonNullElse(file.contentType(), "application/octet-stream"),
        file);
  }

  /** Returns the names, not the content. */
  @Override
  public String toString() {
    return "Part[" + name + ", " + content + "]";
  }
}
