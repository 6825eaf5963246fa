package dev.connectorsdk.internal.http;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads one {@code Link} header (RFC 8288, section 3). What does not parse holds no link. */
final class LinkHeader {

  private static final String SPACE = " \t";

  private final String text;
  private int at;

  private LinkHeader(String text) {
    this.text = text;
  }

  /**
   * Returns the target of the first link with the relation {@code next}: relations are compared
   * without regard to case, one link may have several, and only its first {@code rel} counts. A
   * link with an anchor leads from another resource.
   */
  static Optional<String> next(List<String> headers) {
    return headers.stream().flatMap(header -> new LinkHeader(header).next().stream()).findFirst();
  }

  private Optional<String> next() {
    while (find('<')) {
      int begin = at;
      if (!find('>')) {
        break;
      }
      String target = text.substring(begin, at - 1);
      if (parameters()) {
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }

  private boolean find(char wanted) {
    int found = text.indexOf(wanted, at);
    at = found < 0 ? text.length() : found + 1;
    return found >= 0;
  }

  /** Reads the parameters of a link and returns whether they say that it is the next one. */
  private boolean parameters() {
    String relation = null;
    boolean isFromHere = true;
    while (comes(';')) {
      String name = token("=;,");
      String value = comes('=') ? value() : "";
      if (name.equalsIgnoreCase("rel") && relation == null) {
        relation = value;
      }
      isFromHere &= !name.equalsIgnoreCase("anchor");
    }
    return isFromHere
        && relation != null
        && Arrays.stream(relation.split("\\s+")).anyMatch("next"::equalsIgnoreCase);
  }

  /** Goes past a character if it comes next but for white space. */
  private boolean comes(char wanted) {
    while (at < text.length() && SPACE.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean comes = at < text.length() && text.charAt(at) == wanted;
    at += comes ? 1 : 0;
    return comes;
  }

  private String value() {
    return comes('"') ? quoted() : token(";,");
  }

  private String token(String ends) {
    int begin = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  private String quoted() {
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
      value.append(text.charAt(at++));
    }
    at++;
    return value.toString();
  }
}
