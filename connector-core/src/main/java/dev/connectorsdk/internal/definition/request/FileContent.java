package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A file as workflows hand it around: {@code {"$content-type": ..., "$content": <base64>}}. A name
 * may be given as {@code $filename}.
 *
 * @param contentType the media type, or {@code null} if the value does not say
 * @param fileName the name, or {@code null} if the value does not say
 */
@SuppressWarnings("ArrayRecordComponent") // Files are large: they are handed on, not copied.
record FileContent(byte[] bytes, @Nullable String contentType, @Nullable String fileName) {

  private static final String EXPECTED =
      "must be {\"$content-type\", \"$content\"} with Base64 content, or text";
  private static final String TYPE = "$content-type";
  private static final String CONTENT = "$content";

  FileContent {
    ContentTypes.requireOneLine(contentType == null ? "" : contentType);
    ContentTypes.requireOneLine(fileName == null ? "" : fileName);
  }

  /** Returns whether a value is written in that form. */
  static boolean isWritten(JsonNode value) {
    return value.isObject() && value.path(CONTENT).isString();
  }

  /**
   * Reads a file in that form, as bytes, or as text, which is Base64 if {@code base64Text}.
   *
   * @throws IllegalArgumentException if it is none of these; the message is for the caller
   */
  static FileContent of(JsonNode value, boolean base64Text) {
    if (isWritten(value)) {
      return new FileContent(
          decode(value.path(CONTENT).stringValue()),
          Lookup.text(value, TYPE),
          Lookup.text(value, "$filename"));
    }
    if (value.isBinary()) {
      return new FileContent(value.binaryValue(), null, null);
    }
    String text = Scalars.text(value);
    if (text == null) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return new FileContent(
        base64Text ? decode(text) : text.getBytes(StandardCharsets.UTF_8), null, null);
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException quotesTheContent) {
      throw new IllegalArgumentException(EXPECTED);
    }
  }

  /** Writes bytes in that form. */
  static ObjectNode write(byte[] bytes, String contentType) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    written.put(TYPE, contentType);
    written.put(CONTENT, Base64.getEncoder().encodeToString(bytes));
    return written;
  }
}
