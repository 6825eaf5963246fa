package dev.connectorsdk.internal.http;

import org.jspecify.annotations.Nullable;

/** Reads a header with parameters from left to right: tokens and quoted strings, RFC 9110. */
final class HeaderText {

  private static final String SPACE = " \t";

  private final String text;
  private int at;

  HeaderText(String text) {
    this.text = text;
  }

  /**
   * Goes past the next such character, or to the end.
   *
   * @return what was before it, or {@code null} if there is none
   */
  @Nullable String until(char wanted) {
    int found = text.indexOf(wanted, at);
    String before = found < 0 ? null : text.substring(at, found);
    at = found < 0 ? text.length() : found + 1;
    return before;
  }

  /** Goes past a character if it comes next but for white space. */
  boolean comes(char wanted) {
    while (at < text.length() && SPACE.indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    boolean comes = at < text.length() && text.charAt(at) == wanted;
    at += comes ? 1 : 0;
    return comes;
  }

  /** Reads a parameter's value, quoted or not. */
  String value() {
    return comes('"') ? quoted() : token(";,");
  }

  /** Reads up to one of these characters, or to the end. */
  String token(String ends) {
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
