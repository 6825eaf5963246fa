package dev.connectorsdk.internal.gateway.line;

import okio.ByteString;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The JSON that is said on a line. */
public final class Texts {

  private static final int LONGEST = 1_000;

  private Texts() {}

  /** Returns what the peer says to people, fit for messages and logs. */
  static String ofPeer(String words) {
    String shown = words.length() > LONGEST ? words.substring(0, LONGEST) + "..." : words;
    return shown.replaceAll("\\p{Cntrl}", "?");
  }

  /** Reads a text of the peer's. Returns a missing node if it is no JSON. */
  public static JsonNode tree(ByteString text, JsonMapper mapper) {
    try {
      return mapper.readTree(text.toByteArray());
    } catch (JacksonException e) {
      return MissingNode.getInstance();
    }
  }

  /** Writes what the peer is told. */
  public static ByteString bytes(JsonNode tree, JsonMapper mapper) {
    return ByteString.of(mapper.writeValueAsBytes(tree));
  }
}
