package dev.connectorsdk.definition;

import dev.connectorsdk.api.error.DefinitionException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
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
 * Windows-1252, trailing commas, tabs inside strings, exotic blanks. What would need a guess, such
 * as a missing comma or brace, is refused. Where a name comes twice the last one counts.
 */
final class TolerantJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
                  .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(100)
                          .maxTokenCount(1_000_000)
                          .maxStringLength(1_000_000)
                          .maxNameLength(1_000)
                          .maxNumberLength(1_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private TolerantJson() {}

  /**
   * Reads one document.
   *
   * @throws DefinitionException with the place, and nothing of the content
   */
  static JsonNode read(byte[] bytes, Warnings warnings) {
    String text = withPlainBlanks(decode(bytes, warnings), warnings);
    JsonNode root;
    try {
      root = MAPPER.readTree(text);
    } catch (JacksonException e) {
      // The message and its cause quote the source, so only the place is taken over.
      TokenStreamLocation at = e.getLocation();
      throw new DefinitionException(
          warnings.file(),
          at == null ? 0 : at.getLineNr(),
          at == null ? 0 : at.getColumnNr(),
          problem(e));
    }
    if (!root.isObject()) {
      throw new DefinitionException(warnings.file(), 1, 1, "is not a JSON object");
    }
    return root;
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

  private static String decode(byte[] bytes, Warnings warnings) {
    int start = 0;
    if (bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF) {
      start = 3;
      warnings.add("", "starts with a byte-order mark, which was skipped");
    }
    ByteBuffer content = ByteBuffer.wrap(bytes, start, bytes.length - start);
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
