package dev.connectorsdk.examples.dryrun;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides known secrets in text, however they are written there: as they are, percent-encoded once or
 * twice, escaped as in JSON or XML, in hexadecimal, or anywhere within Base64. Those of less than
 * four characters are hidden where they are words of their own.
 */
public final class Mask {

  /** What stands in the place of a secret. */
  public static final String HIDDEN = "***";

  /** Shorter texts, and shorter pieces of Base64, are in too many words. */
  private static final int MIN_IN_WORDS = 4;

  /** A pattern for a longer text, such as a key store, takes more stack than there is. */
  private static final int LONGEST_PIECE = 1_000;

  private static final Pattern LETTER = Pattern.compile("[a-f]");

  /** Texts that are replaced as they are found. */
  private final List<Pattern> patterns;

  /** Parts of Base64 texts, which are replaced with all that belongs to such a text. */
  private final List<Pattern> cores;

  private Mask(List<Pattern> patterns, List<Pattern> cores) {
    this.patterns = patterns;
    this.cores = cores;
  }

  /** Returns what hides these secrets. */
  public static Mask of(Secret... secrets) {
    return of(Arrays.asList(secrets));
  }

  /** Returns what hides these secrets. */
  public static Mask of(Collection<Secret> secrets) {
    List<Pattern> patterns = new ArrayList<>();
    List<Pattern> cores = new ArrayList<>();
    secrets.stream()
        .map(Secret::reveal)
        .filter(secret -> !secret.isEmpty())
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .forEach(secret -> addPatterns(secret, patterns, cores));
    return new Mask(List.copyOf(patterns), List.copyOf(cores));
  }

  private static void addPatterns(String secret, List<Pattern> patterns, List<Pattern> cores) {
    int[] codePoints = secret.codePoints().toArray();
    int pieces = 1 + codePoints.length / LONGEST_PIECE;
    for (int i = 0; i < pieces; i++) {
      StringBuilder plain = new StringBuilder();
      Arrays.stream(
              codePoints, codePoints.length * i / pieces, codePoints.length * (i + 1) / pieces)
          .forEach(c -> plain.append(anyWriting(c)));
      patterns.add(
          Pattern.compile(
              secret.length() < MIN_IN_WORDS
                  ? "(?<![\\p{L}\\p{N}])" + plain + "(?![\\p{L}\\p{N}])"
                  : plain.toString()));
    }
    byte[] bytes = secret.getBytes(UTF_8);
    patterns.add(
        Pattern.compile("(?i)(?<![0-9a-z])" + HexFormat.of().formatHex(bytes) + "(?![0-9a-z])"));
    for (int offset = 0; offset < 3; offset++) {
      String core = base64Core(bytes, offset);
      if (core.length() >= MIN_IN_WORDS) {
        String either = core.replace("+", "[-+]").replace("/", "[_/]");
        cores.add(Pattern.compile(either));
      }
    }
  }

  /** Returns what is in the Base64 of any text that holds the bytes at this offset, modulo 3. */
  private static String base64Core(byte[] bytes, int offset) {
    byte[] padded = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, padded, offset, bytes.length);
    String encoded = Base64.getEncoder().withoutPadding().encodeToString(padded);
    int from = offset == 0 ? 0 : offset + 1;
    int bits = padded.length * 8;
    int to = bits / 6;
    return from < to ? encoded.substring(from, to) : "";
  }

  private static String anyWriting(int codePoint) {
    String text = Character.toString(codePoint);
    List<String> writings = new ArrayList<>();
    writings.add(Pattern.quote(text));
    StringBuilder once = new StringBuilder();
    StringBuilder twice = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      String hex = anyCase(String.format(Locale.ROOT, "%02x", octet));
      once.append('%').append(hex);
      twice.append("%25").append(hex);
    }
    writings.add(once.toString());
    writings.add(twice.toString());
    if (codePoint <= 0xffff) {
      writings.add("\\\\u" + anyCase(String.format(Locale.ROOT, "%04x", codePoint)));
    }
    switch (codePoint) {
      case ' ' -> writings.addAll(List.of("\\+", "%2[bB]", "%252[bB]"));
      case '"' -> writings.addAll(List.of("\\\\\"", "&quot;"));
      case '\\' -> writings.add("\\\\\\\\");
      case '/' -> writings.add("\\\\/");
      case '\n' -> writings.add("\\\\n");
      case '\r' -> writings.add("\\\\r");
      case '\t' -> writings.add("\\\\t");
      case '&' -> writings.add("&amp;");
      case '<' -> writings.add("&lt;");
      case '>' -> writings.add("&gt;");
      default -> {}
    }
    // The longest first, so that a backslash is not taken for a whole escape.
    writings.sort(Comparator.comparingInt(String::length).reversed());
    return "(?:" + String.join("|", writings) + ")";
  }

  /** Returns a pattern for hexadecimal digits in lower case that takes those in upper case, too. */
  private static String anyCase(String hex) {
    return LETTER.matcher(hex).replaceAll(m -> "[" + m.group() + upper(m.group()) + "]");
  }

  private static String upper(String letter) {
    return letter.toUpperCase(Locale.ROOT);
  }

  /** Returns the text with every secret replaced. */
  public String hide(String text) {
    String hidden = text;
    for (Pattern pattern : patterns) {
      hidden = pattern.matcher(hidden).replaceAll(HIDDEN);
    }
    for (Pattern core : cores) {
      hidden = hideBase64(hidden, core);
    }
    return hidden;
  }

  /** Looks at each character a few times at most, however long a text of Base64 is. */
  private static String hideBase64(String text, Pattern core) {
    Matcher found = core.matcher(text);
    StringBuilder hidden = new StringBuilder();
    int done = 0;
    while (found.find(done)) {
      int from = found.start();
      while (from > done && isBase64(text.charAt(from - 1))) {
        from--;
      }
      int to = found.end();
      while (to < text.length() && isBase64(text.charAt(to))) {
        to++;
      }
      while (to < text.length() && text.charAt(to) == '=') {
        to++;
      }
      hidden.append(text, done, from).append(HIDDEN);
      done = to;
    }
    return done == 0 ? text : hidden.append(text, done, text.length()).toString();
  }

  private static boolean isBase64(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || "+/_-".indexOf(c) >= 0;
  }
}
