package dev.connectorsdk.api.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Text between systems, in the charset that its byte order mark or its type says. */
public final class WireText {

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*[\"']?([^\"';\\s]+)", Pattern.CASE_INSENSITIVE);

  private static final String USUAL = "utf-8";

  private WireText() {}

  /** What writes JSON, which most who read texts never do. */
  private static final class Writers {
    static final JsonMapper UTF_8 = JsonMapper.builder().build();
    static final JsonMapper ASCII =
        JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  }

  /** Returns a text that arrived, without its byte order mark. */
  public static String text(byte[] text, @Nullable String contentType) {
    return ByteOrderMark.removedFrom(new String(text, charset(text, contentType)));
  }

  /**
   * Returns JSON that arrived in UTF-8. The declared charset counts for what is not: many declare
   * another one for JSON, which is UTF-8 (RFC 8259 section 8.1), and send UTF-8 all the same.
   */
  public static byte[] utf8(byte[] json, @Nullable String contentType) {
    Charset charset = charset(json, contentType);
    if (charset.equals(StandardCharsets.UTF_8) || isUtf8(json)) {
      return json;
    }
    return ByteOrderMark.removedFrom(new String(json, ordered(charset, json)))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Returns JSON to send under a type: ASCII alone if its charset is not UTF-8. */
  public static byte[] json(JsonNode json, @Nullable String contentType) {
    Charset charset = charset(contentType);
    return charset.equals(StandardCharsets.UTF_8)
        ? utf8(json)
        : Writers.ASCII
            .writeValueAsString(json)
            .getBytes(charset.canEncode() ? charset : StandardCharsets.US_ASCII);
  }

  private static byte[] utf8(JsonNode json) {
    try {
      return Writers.UTF_8.writeValueAsBytes(json);
    } catch (JacksonException e) {
      // It holds half a surrogate pair, which is sent as a question mark.
      return json.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Returns the charset that a type names; UTF-8 if it names none that is known. */
  public static Charset charset(@Nullable String contentType) {
    if (contentType == null || contentType.indexOf(';') < 0 || isUtf8(contentType)) {
      return StandardCharsets.UTF_8;
    }
    Matcher named = CHARSET.matcher(contentType);
    try {
      return named.find() ? Charset.forName(named.group(1)) : StandardCharsets.UTF_8;
    } catch (IllegalArgumentException unknown) {
      return StandardCharsets.UTF_8;
    }
  }

  /** Returns whether the only parameter of a type is UTF-8, as that of most is. */
  private static boolean isUtf8(String contentType) {
    int value = contentType.indexOf('=') + 1;
    return contentType.length() - value == USUAL.length()
        && contentType.regionMatches(true, value, USUAL, 0, USUAL.length());
  }

  private static Charset charset(byte[] text, @Nullable String contentType) {
    Charset marked = ByteOrderMark.charsetOf(text);
    return marked == null ? charset(contentType) : marked;
  }

  /** JSON begins with a character of ASCII, which shows the order that {@code UTF-16} leaves. */
  private static Charset ordered(Charset charset, byte[] json) {
    boolean isLittleEndian = json.length > 1 && json[0] != 0 && json[1] == 0;
    return isLittleEndian && charset.equals(StandardCharsets.UTF_16)
        ? StandardCharsets.UTF_16LE
        : charset;
  }

  /** No JSON has a NUL, which every other byte of ASCII in UTF-16 is. */
  private static boolean isUtf8(byte[] json) {
    for (byte b : json) {
      if (b == 0) {
        return false;
      }
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
      return true;
    } catch (CharacterCodingException other) {
      return false;
    }
  }
}
