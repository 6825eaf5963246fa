package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the JSON that published definitions consist of, which is not always JSON: byte-order marks,
 * Windows-1252, trailing commas, tabs inside strings, exotic blanks, a last brace that was cut off.
 * What would need a guess, such as a missing comma, is refused. Where a name comes twice the last
 * one counts.
 */
public final class TolerantJson {

  /** Longer texts are refused. */
  static final int LONGEST_TEXT = 1_000_000;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                  .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxTokenCount(1_000_000)
                          .maxStringLength(LONGEST_TEXT)
                          .maxNameLength(1_000)
                          .maxNumberLength(1_000)
                          .build())
                  .build())
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private TolerantJson() {}

  /** What reads one document, an object whose beginning the parser is at. */
  interface Reader<T> {

    /**
     * Reads to the end of the object.
     *
     * @param text what the parser reads
     * @param from where in {@code text} the parser began
     */
    T read(JsonParser parser, byte[] text, int from);
  }

  /**
   * Reads one document.
   *
   * @throws DefinitionException with the place, and nothing of the content
   */
  public static JsonNode read(byte[] bytes, Warnings warnings) {
    return stream(bytes, warnings, (parser, text, from) -> new CompactTree().read(parser));
  }

  /** Returns about how many bytes of the heap a document takes that was read here. */
  public static long weight(JsonNode document) {
    return CompactTree.weight(document);
  }

  /**
   * Lets {@code reader} read one document.
   *
   * @param reader called a second time, with a mended text, where the bytes are not JSON
   * @throws DefinitionException with the place, and nothing of the content
   */
  static <T> T stream(byte[] bytes, Warnings warnings, Reader<T> reader) {
    int start = startsWithMark(bytes) ? 3 : 0;
    if (start > 0) {
      warnings.add("", "starts with a byte-order mark, which was skipped");
    }
    try {
      return whole(parser(bytes, start, bytes.length), start, bytes, warnings, reader);
    } catch (StreamConstraintsException e) {
      throw refused(e, bytes, warnings);
    } catch (JacksonException e) {
      return mended(ByteBuffer.wrap(bytes, start, bytes.length - start), warnings, reader);
    }
  }

  private static <T> T mended(ByteBuffer content, Warnings warnings, Reader<T> reader) {
    String text = withPlainBlanks(decode(content, warnings), warnings);
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    try {
      return whole(parser(plain, 0, plain.length), 0, plain, warnings, reader);
    } catch (UnexpectedEndOfInputException e) {
      String completed = MissingEnd.completed(text);
      if (completed == null) {
        throw refused(e, plain, warnings);
      }
      warnings.add("", "ends before its last braces, which were added");
      byte[] whole = completed.getBytes(StandardCharsets.UTF_8);
      try {
        return whole(parser(whole, 0, whole.length), 0, whole, warnings, reader);
      } catch (JacksonException again) {
        throw refused(again, whole, warnings);
      }
    } catch (JacksonException e) {
      throw refused(e, plain, warnings);
    }
  }

  /** Returns a parser of a part of a document. */
  static JsonParser parser(byte[] text, int start, int end) {
    return MAPPER.createParser(text, start, end - start);
  }

  /** Returns the object whose beginning the parser is at, in UTF-8. */
  static byte[] copied(JsonParser parser) {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    try (JsonGenerator generator = MAPPER.createGenerator(copy)) {
      generator.copyCurrentStructureExact(parser);
    }
    return copy.toByteArray();
  }

  private static <T> T whole(
      JsonParser opened, int from, byte[] text, Warnings warnings, Reader<T> reader) {
    try (JsonParser parser = opened) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new DefinitionException(warnings.file(), 1, 1, "is not a JSON object");
      }
      T result = applied(() -> reader.read(parser, text, from), parser, warnings);
      if (parser.nextToken() != null) {
        TokenStreamLocation at = parser.currentTokenLocation();
        throw new DefinitionException(
            warnings.file(), at.getLineNr(), at.getColumnNr(), "goes on after its end");
      }
      return result;
    }
  }

  /** Jackson lets the exception through for an exponent that no {@code BigDecimal} can have. */
  private static <T> T applied(Supplier<T> reader, JsonParser parser, Warnings warnings) {
    try {
      return reader.get();
    } catch (NumberFormatException e) {
      TokenStreamLocation at = parser.currentTokenLocation();
      throw new DefinitionException(
          warnings.file(),
          at.getLineNr(),
          at.getColumnNr(),
          "has a number whose exponent is out of range");
    }
  }

  /** The message and its cause quote the source, so only the place is taken over. */
  private static DefinitionException refused(JacksonException e, byte[] bytes, Warnings warnings) {
    TokenStreamLocation at = e.getLocation();
    return new DefinitionException(
        warnings.file(),
        at == null ? 0 : at.getLineNr(),
        at == null ? 0 : column(at, bytes),
        problem(e));
  }

  /** Jackson counts bytes where editors count characters. */
  private static int column(TokenStreamLocation at, byte[] bytes) {
    int before = at.getColumnNr() - 1;
    long end = at.getByteOffset();
    if (before < 0 || end < before || end > bytes.length) {
      return at.getColumnNr();
    }
    return 1 + new String(bytes, (int) end - before, before, StandardCharsets.UTF_8).length();
  }

  private static String problem(JacksonException e) {
    if (e instanceof UnexpectedEndOfInputException) {
      return "the document ends before it is complete; a closing brace, bracket or quote is missing";
    }
    if (e instanceof StreamConstraintsException) {
      return "the document is too complex: more than 100 levels, 1,000,000 tokens or characters in"
          + " one text, or 1,000 characters in one name or number";
    }
    return "not JSON here; a comma, colon, quote, brace or bracket is missing or too many";
  }

  private static boolean startsWithMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  private static String decode(ByteBuffer content, Warnings warnings) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(content.duplicate()).toString();
    } catch (CharacterCodingException e) {
      warnings.add("", "is not UTF-8 and was read as windows-1252");
      return Charset.forName("windows-1252").decode(content).toString();
    }
  }

  /** Replaces white space that JSON does not know, outside strings, without moving anything. */
  private static String withPlainBlanks(String text, Warnings warnings) {
    StringBuilder plain = null;
    boolean inString = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        inString = !inString;
      } else if (inString) {
        if (c == '\\') {
          i++;
        }
      } else if (c > ' ' && isBlank(c)) {
        if (plain == null) {
          plain = new StringBuilder(text);
        }
        plain.setCharAt(i, ' ');
      }
    }
    if (plain == null) {
      return text;
    }
    warnings.add("", "has unusual blanks between its tokens, which were read as spaces");
    return plain.toString();
  }

  private static boolean isBlank(char c) {
    return Character.isSpaceChar(c) || Character.isWhitespace(c) || c == '\u0085' || c == '\uFEFF';
  }
}
