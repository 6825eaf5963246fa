package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.internal.PercentEncoding;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the header {@code Content-Disposition} of an answer (RFC 6266). */
final class ContentDisposition {

  private ContentDisposition() {}

  /**
   * Returns the name that a service suggests for a file, without folders and control characters;
   * {@code filename*} (RFC 8187) before {@code filename}.
   *
   * @return {@code null} if there is none that could be a file's
   */
  static @Nullable String fileName(@Nullable String header) {
    if (header == null) {
      return null;
    }
    HeaderText text = new HeaderText(header);
    text.token(";");
    String plain = null;
    String extended = null;
    while (text.comes(';')) {
      String name = text.token("=;").toLowerCase(Locale.ROOT);
      String value = text.comes('=') ? text.value() : "";
      if (name.equals("filename*")) {
        extended = decoded(value);
      } else if (name.equals("filename")) {
        plain = value;
      }
    }
    return last(extended == null ? plain : extended);
  }

  /** Reads {@code UTF-8'en'a%20b}; RFC 8187 knows no other charset. */
  private static @Nullable String decoded(String value) {
    String[] parts = value.split("'", 3);
    return parts.length == 3 && parts[0].equalsIgnoreCase("UTF-8")
        ? PercentEncoding.decode(parts[2])
        : null;
  }

  private static @Nullable String last(@Nullable String name) {
    if (name == null) {
      return null;
    }
    String bare =
        name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
            .replaceAll("\\p{Cntrl}", "")
            .strip();
    return bare.isEmpty() || bare.equals(".") || bare.equals("..") ? null : bare;
  }
}
