package dev.connectorsdk.api.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One part of a {@code multipart/form-data} body, RFC 7578.
 *
 * @param name the field's name
 * @param fileName the file's name, or {@code null} if the part is not a file
 * @param contentType the media type, or {@code null} for none
 * @param content the bytes, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
public record Part(
    String name, @Nullable String fileName, @Nullable String contentType, byte[] content) {

  public Part {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(content, "content");
  }

  /** Returns a field with a text. */
  public static Part text(String name, String value) {
    return new Part(name, null, null, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a file. */
  public static Part file(String name, String fileName, String contentType, byte[] content) {
    return new Part(name, fileName, contentType, content);
  }

  /** Returns the names and the size, not the content. */
  @Override
  public String toString() {
    return "Part[" + name + ", " + content.length + " bytes]";
  }
}
