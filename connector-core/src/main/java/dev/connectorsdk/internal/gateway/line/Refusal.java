package dev.connectorsdk.internal.gateway.line;

import java.util.Locale;
import okio.ByteString;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Why a line is not opened, or not any longer.
 *
 * @param words for a person
 */
public record Refusal(Reason reason, String words) {

  /** What is wrong. */
  public enum Reason {
    /** The two sides have no version of the protocol in common. */
    VERSION(true),
    /** There is no such gateway or member, or not any more. */
    UNKNOWN(true),
    /** The answer to the challenge is not signed by the member's key. */
    SIGNATURE(true),
    /** Another process uses the same key. */
    KEY_IN_USE(true),
    /** Another member has to confirm this one first. */
    UNCONFIRMED(false),
    /** What a later version says. */
    OTHER(false);

    private final boolean isFinal;

    Reason(boolean isFinal) {
      this.isFinal = isFinal;
    }

    /** Returns whether trying again is in vain. */
    public boolean isFinal() {
      return isFinal;
    }

    private static Reason of(String name) {
      for (Reason reason : values()) {
        if (reason.name().toLowerCase(Locale.ROOT).equals(name)) {
          return reason;
        }
      }
      return OTHER;
    }
  }

  /** Returns what is sent. */
  public ByteString encoded(JsonMapper mapper) {
    return Texts.bytes(
        mapper
            .createObjectNode()
            .put("reason", reason.name().toLowerCase(Locale.ROOT))
            .put("words", words),
        mapper);
  }

  /** Reads what {@link #encoded} has written. */
  public static Refusal decoded(ByteString payload, JsonMapper mapper) {
    JsonNode json = Texts.tree(payload, mapper);
    return new Refusal(
        Reason.of(json.path("reason").asString("")), Texts.ofPeer(json.path("words").asString("")));
  }
}
