package dev.connectorsdk.api.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The character that some editors and servers put before a text; RFC 8259 section 8.1. */
public final class ByteOrderMark {

  private static final String MARK = "\uFEFF";

  private ByteOrderMark() {}

  /** Returns a text without the mark before it, if there is one. */
  public static String removedFrom(String text) {
    return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
  }

  /** Returns a text that is in UTF-8, or as the mark before it says, without the mark. */
  public static String removedFrom(byte[] text) {
    Charset marked = charsetOf(text);
    return removedFrom(new String(text, marked == null ? StandardCharsets.UTF_8 : marked));
  }

  /**
   * Returns the same if it is such a text to its end.
   *
   * @throws CharacterCodingException if it is not
   */
  public static String strictlyRemovedFrom(byte[] text) throws CharacterCodingException {
    Charset marked = charsetOf(text);
    Charset charset = marked == null ? StandardCharsets.UTF_8 : marked;
    return removedFrom(charset.newDecoder().decode(ByteBuffer.wrap(text)).toString());
  }

  /** Returns the charset that a mark before a text stands for, or {@code null} without one. */
  static @Nullable Charset charsetOf(byte[] text) {
    if (startsWith(text, 0xEF, 0xBB, 0xBF)) {
      return StandardCharsets.UTF_8;
    }
    if (startsWith(text, 0xFE, 0xFF)) {
      return StandardCharsets.UTF_16BE;
    }
    return startsWith(text, 0xFF, 0xFE) ? StandardCharsets.UTF_16LE : null;
  }

  private static boolean startsWith(byte[] text, int... mark) {
    for (int i = 0; i < mark.length; i++) {
      if (i >= text.length || (text[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
