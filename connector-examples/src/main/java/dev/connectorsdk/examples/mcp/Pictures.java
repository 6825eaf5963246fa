package dev.connectorsdk.examples.mcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Pictures that models look at: PNG, JPEG, GIF and WebP, known by how their bytes begin. */
final class Pictures {

  private static final int LONGEST_HEAD = 12;

  private Pictures() {}

  /**
   * Returns what picture a content is.
   *
   * @param declared the media type that it is said to have
   * @return the media type of its bytes; {@code null} if they are no such picture, or are not said
   *     to be one
   */
  static @Nullable String type(String declared, byte[] content) {
    if (!declared.toLowerCase(Locale.ROOT).startsWith("image/")) {
      return null;
    }
    String head = new String(content, 0, Math.min(LONGEST_HEAD, content.length), ISO_8859_1);
    if (head.startsWith("\211PNG\r\n\032\n")) {
      return "image/png";
    }
    if (head.startsWith("\377\330\377")) {
      return "image/jpeg";
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return "image/gif";
    }
    return head.startsWith("RIFF") && head.startsWith("WEBP", 8) ? "image/webp" : null;
  }
}
