package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Text and bytes without replacement characters. Whoever could have something replaced unseen could
 * change what was signed.
 */
final class StrictText {

  private StrictText() {}

  /** Returns the text, or {@code null} if the bytes are not UTF-8. */
  static @Nullable String utf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns the bytes in UTF-8, or {@code null} if the text has half a surrogate pair. */
  static byte @Nullable [] utf8(String text) {
    return encoded(text, UTF_8);
  }

  /** Returns the bytes of a header, or {@code null} if it has characters that no header has. */
  static byte @Nullable [] header(String text) {
    return encoded(text, ISO_8859_1);
  }

  private static byte @Nullable [] encoded(String text, Charset charset) {
    try {
      ByteBuffer bytes = charset.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** Returns the bytes, or {@code null} if these are not hexadecimal digits, in either case. */
  static byte @Nullable [] hex(String digits) {
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the bytes, or {@code null} if this is not Base64 as RFC 4648 section 4 writes these
   * bytes: with padding, and no bit beyond them.
   */
  static byte @Nullable [] base64(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(bytes).equals(text) ? bytes : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the fields of a form or query in order, or {@code null} if it is not well-formed: a
   * percent sign without two digits, or bytes that are not UTF-8.
   */
  static @Nullable List<Map.Entry<String, String>> fields(String encoded) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (String pair : encoded.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
        if (name == null || value == null) {
          return null;
        }
        fields.add(Map.entry(name, value));
      }
    }
    return fields;
  }

  private static @Nullable String decoded(String text) {
    byte[] in = utf8(text);
    if (in == null) {
      return null;
    }
    byte[] out = new byte[in.length];
    int length = 0;
    for (int i = 0; i < in.length; i++) {
      if (in[i] == '%') {
        int octet = i + 2 < in.length ? octet(in[i + 1], in[i + 2]) : -1;
        if (octet < 0) {
          return null;
        }
        out[length++] = (byte) octet;
        i += 2;
      } else {
        out[length++] = in[i] == '+' ? (byte) ' ' : in[i];
      }
    }
    return utf8(Arrays.copyOf(out, length));
  }

  private static int octet(byte high, byte low) {
    return high > 0 && low > 0 && HexFormat.isHexDigit(high) && HexFormat.isHexDigit(low)
        ? HexFormat.fromHexDigit(high) * 16 + HexFormat.fromHexDigit(low)
        : -1;
  }
}
