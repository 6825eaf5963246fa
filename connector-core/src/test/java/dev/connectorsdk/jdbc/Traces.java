package dev.connectorsdk.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Looks for a text in bytes, in every form in which a program may have written it. */
public final class Traces {

  private Traces() {}

  /** Looks through a text. */
  public static List<String> in(String haystack, String text) {
    return forms(text).stream().filter(haystack::contains).toList();
  }

  /** Looks through every file below a directory. */
  public static List<String> below(Path directory, String text) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        in(content(file), text).forEach(form -> found.add(form + " in " + file.getFileName()));
      }
    }
    return found;
  }

  /** A database that runs may remove a file meanwhile, which holds nothing then. */
  private static String content(Path file) throws IOException {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1);
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static List<String> forms(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    String hex = HexFormat.of().formatHex(bytes);
    List<String> forms =
        new ArrayList<>(
            List.of(
                new String(bytes, ISO_8859_1),
                hex,
                hex.toUpperCase(java.util.Locale.ROOT),
                URLEncoder.encode(text, UTF_8)));
    for (int offset = 0; offset < 3; offset++) {
      byte[] shifted = new byte[offset + bytes.length];
      System.arraycopy(bytes, 0, shifted, offset, bytes.length);
      String base64 = Base64.getEncoder().withoutPadding().encodeToString(shifted);
      // What the bytes before and after take part in is not known.
      String inner = base64.substring(offset == 0 ? 0 : offset + 1, base64.length() - 1);
      forms.add(inner);
      forms.add(inner.replace('+', '-').replace('/', '_'));
    }
    return forms;
  }
}
