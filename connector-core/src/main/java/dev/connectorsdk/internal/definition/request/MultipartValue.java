package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.internal.definition.document.Lookup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A multipart body as workflows write it: a list of {@code {"headers": {"Content-Disposition":
 * ...}, "body": ...}}.
 */
final class MultipartValue {

  private static final Pattern NAME = attribute("name");
  private static final Pattern FILE_NAME = attribute("filename");

  private MultipartValue() {}

  private static Pattern attribute(String name) {
    return Pattern.compile(
        ";\\s*" + name + "\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
  }

  /**
   * Reads the parts.
   *
   * @throws IllegalArgumentException if one has no name or no readable content; the message is for
   *     the caller
   */
  static List<Part> parts(JsonNode list) {
    List<Part> parts = new ArrayList<>();
    for (JsonNode entry : list) {
      JsonNode headers = entry.path("headers");
      String disposition = Lookup.findText(headers, "Content-Disposition");
      String name = disposition == null ? null : find(NAME, disposition);
      if (disposition == null || name == null) {
        throw new IllegalArgumentException(
            "has a part without a Content-Disposition that names it");
      }
      FileContent content = content(entry.path("body"));
      String declared = Lookup.findText(headers, "Content-Type");
      String contentType = declared != null ? declared : content.contentType();
      String fileName = find(FILE_NAME, disposition);
      for (String text : new String[] {name, fileName, contentType}) {
        ContentTypes.requireOneLine(text == null ? "" : text);
      }
      parts.add(new Part(name, fileName, contentType, content.content()));
    }
    return parts;
  }

  private static FileContent content(JsonNode body) {
    if (!body.isContainer() || FileContent.isWritten(body)) {
      return FileContent.of(body, false);
    }
    if (!EmbeddedFiles.in(body).isEmpty()) {
      throw new IllegalArgumentException("has a part of JSON with a file in it");
    }
    return FileContent.held(
        body.toString().getBytes(StandardCharsets.UTF_8), ContentTypes.JSON, null);
  }

  private static @Nullable String find(Pattern pattern, String disposition) {
    Matcher matcher = pattern.matcher(disposition);
    if (!matcher.find()) {
      return null;
    }
    return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
  }
}
