package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.internal.EmbeddedFiles;
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
 * may be given as {@code $filename}. From a caller in Java it may be a {@link FileSource}.
 *
 * @param contentType the media type, or {@code null} if the value does not say
 * @param fileName the name, or {@code null} if the value does not say
 */
record FileContent(FileSource content, @Nullable String contentType, @Nullable String fileName) {

  private static final String EXPECTED =
      "must be {\"$content-type\", \"$content\"} with Base64 content, or text";
  private static final String TYPE = "$content-type";
  private static final String CONTENT = "$content";

  FileContent {
    ContentTypes.requireOneLine(contentType == null ? "" : contentType);
    ContentTypes.requireOneLine(fileName == null ? "" : fileName);
  }

  /** Returns whether a value is written in that form, or is a file itself. */
  static boolean isWritten(JsonNode value) {
    return (value.isObject() && value.path(CONTENT).isString()) || EmbeddedFiles.of(value) != null;
  }

  /**
   * Reads a file in that form, as bytes, or as text, which is Base64 if {@code base64Text}.
   *
   * @throws IllegalArgumentException if it is none of these; the message is for the caller
   */
  static FileContent of(JsonNode value, boolean base64Text) {
    FileSource file = EmbeddedFiles.of(value);
    if (file != null) {
      return new FileContent(file, file.contentType(), file.name());
    }
    if (isWritten(value)) {
      return held(
          decode(value.path(CONTENT).stringValue()),
          Lookup.text(value, TYPE),
          Lookup.text(value, "$filename"));
    }
    if (value.isBinary()) {
      return held(value.binaryValue(), null, null);
    }
    String text = Scalars.text(value);
    if (text == null) {
      throw new IllegalArgumentException(EXPECTED);
    }
    return held(base64Text ? decode(text) : text.getBytes(StandardCharsets.UTF_8), null, null);
  }

  /** Returns content that is in memory. */
  static FileContent held(byte[] bytes, @Nullable String contentType, @Nullable String fileName) {
    return new FileContent(FileSource.of(bytes), contentType, fileName);
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

  /** Writes what is known of a file whose content went elsewhere. */
  static ObjectNode write(FileInfo file) {
    ObjectNode written = JsonNodeFactory.instance.objectNode();
    written.put(TYPE, file.contentType() == null ? ContentTypes.OCTETS : file.contentType());
    if (file.name() != null) {
      written.put("$filename", file.name());
    }
    return written.put("$size", file.size());
  }
}
