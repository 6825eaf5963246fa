package dev.connectorsdk.api.internal;

/** The character that some editors and servers put before a text; RFC 8259 section 8.1. */
public final class ByteOrderMark {

  private static final String MARK = "\uFEFF";

  private ByteOrderMark() {}

  /** Returns a text without the mark before it, if there is one. */
  public static String removedFrom(String text) {
    return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
  }
}
