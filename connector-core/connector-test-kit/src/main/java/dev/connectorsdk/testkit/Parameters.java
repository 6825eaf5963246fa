package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the parameters of forms, and of the URLs in a text, in their queries and fragments. */
final class Parameters {

  /** The first group is the name, the second one the value. */
  static final Pattern OF_URLS =
      Pattern.compile("(?<=[?&#])(?:amp;)?([^=&#?\\s\"<>\\\\]+)=([^&#\\s\"<>\\\\]*)");

  /** As {@link #OF_URLS}. */
  static final Pattern OF_FORM = Pattern.compile("(?<=&|^)([^=&]+)=([^&]*)");

  private static final Pattern PERCENT = Pattern.compile("(%[0-9A-Fa-f]{2})+");

  private Parameters() {}

  /** Decodes a name or value of a form. */
  static String decoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** Decodes all that is percent-encoded in a text, RFC 3986 section 2.1. A plus stays one. */
  static String percentDecoded(String text) {
    return PERCENT.matcher(text).replaceAll(Parameters::bytes);
  }

  private static String bytes(MatchResult codes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(HexFormat.of().parseHex(codes.group().replace("%", "")));
    return Matcher.quoteReplacement(bytes.toString(UTF_8));
  }
}
