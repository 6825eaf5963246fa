package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.internal.SignedText;
import dev.connectorsdk.api.internal.SignedText.Part;
import dev.connectorsdk.api.internal.SignedText.Text;
import dev.connectorsdk.api.internal.SignedText.Value;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.Handshake;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Condition;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.auth.webhook.WebhookSignatures.Answer;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Recognises the handshakes of a signature and answers them. */
record HandshakeAnswers(Signature signature, Arrival arrival) {

  private static final int LARGEST_ANSWER = 1024;

  /** Returns the handshake that a request is before its signature is checked, if it is one. */
  Optional<Handshake> beforeTheCheck(boolean awaited) {
    DeliveryValues values = new DeliveryValues(arrival.delivery());
    return signature.handshakes().stream()
        .filter(handshake -> !handshake.isSigned() && isMeant(handshake, values, awaited))
        .findFirst();
  }

  /** Answers a handshake that is not signed, if its token is the right one. */
  Answer answered(Handshake handshake, @Nullable Secret token) {
    DeliveryValues values = new DeliveryValues(arrival.delivery());
    requireToken(handshake, values, token);
    return answer(handshake, values);
  }

  /**
   * Checks a request that nobody has expected as a handshake. It may be a delivery in which the
   * service asks once more whether the URL is the right one.
   *
   * @throws DeliveryRefusedException with reason {@code UNEXPECTED} if it is no authentic delivery
   */
  void requireDelivery(Handshake handshake, Check check) {
    boolean isHarmless = handshake.learns() == null && handshake.opens() == null;
    try {
      if (isHarmless && !signature.isUnsigned()) {
        check.authentic();
        return;
      }
    } catch (DeliveryRefusedException e) {
      if (e.reason() == Reason.KEYS_UNAVAILABLE) {
        throw e;
      }
      // Whoever asks is not to learn that there is a subscription.
    }
    throw Refusals.refused(Reason.UNEXPECTED, "nobody expects this handshake now");
  }

  /** Answers a handshake that has turned out to be authentic; {@code null} if this is none. */
  @Nullable Answer afterTheCheck(DeliveryValues values) {
    for (Handshake handshake : signature.handshakes()) {
      if (handshake.isSigned() && isMeant(handshake, values, true)) {
        return answer(handshake, values);
      }
    }
    return null;
  }

  /**
   * @param parsing whether the body may be parsed for it
   */
  private boolean isMeant(Handshake handshake, DeliveryValues values, boolean parsing) {
    return handshake.method().equals(arrival.delivery().method())
        && handshake.conditions().stream().allMatch(c -> holds(c, values, parsing));
  }

  /** What cannot be read is no handshake. */
  private static boolean holds(Condition condition, DeliveryValues values, boolean parsing) {
    if (!parsing && condition.place().isInBody()) {
      return false;
    }
    try {
      String value = values.one(condition.place());
      return value != null && condition.accepts(value);
    } catch (DeliveryRefusedException e) {
      return false;
    }
  }

  private static void requireToken(
      Handshake handshake, DeliveryValues values, @Nullable Secret token) {
    Place place = handshake.token();
    if (place == null) {
      return;
    }
    if (token == null || token.reveal().isBlank()) {
      throw Refusals.refused(Reason.NO_SECRET, "there is no token to compare");
    }
    byte[] given = values.required(place).getBytes(UTF_8);
    if (!MessageDigest.isEqual(token.reveal().getBytes(UTF_8), given)) {
      throw Refusals.wrong("the token");
    }
  }

  private Answer answer(Handshake handshake, DeliveryValues values) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("X-Content-Type-Options", "nosniff");
    handshake
        .headers()
        .forEach((name, template) -> headers.put(name, headerText(name, fill(template, values))));
    byte[] body = body(handshake, values, headers);
    if (body.length > LARGEST_ANSWER) {
      throw Refusals.malformed("the handshake", "asks for an answer of more than 1 KiB");
    }
    return new Answer(
        handshake.status(), headers, body, learned(handshake, values), opens(handshake, values));
  }

  private byte[] body(Handshake handshake, DeliveryValues values, Map<String, String> headers) {
    String text = handshake.text();
    if (text != null) {
      headers.put("Content-Type", "text/plain; charset=utf-8");
      return encoded(fill(text, values));
    }
    if (handshake.json().isEmpty()) {
      return new byte[0];
    }
    headers.put("Content-Type", "application/json");
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    handshake
        .json()
        .forEach(
            (member, value) -> {
              if (value instanceof Integer number) {
                json.put(member, number);
              } else {
                json.put(member, fill(value.toString(), values));
              }
            });
    return encoded(json.toString());
  }

  private static byte[] encoded(String text) {
    byte[] bytes = StrictText.utf8(text);
    if (bytes == null) {
      throw Refusals.malformed("the handshake", "has text that cannot be answered");
    }
    return bytes;
  }

  private static String headerText(String name, String value) {
    if (!value.chars().allMatch(c -> c >= ' ' && c <= '~') || value.length() > LARGEST_ANSWER) {
      throw Refusals.malformed("the handshake", "has text that " + name + " cannot carry");
    }
    return value;
  }

  private static @Nullable Secret learned(Handshake handshake, DeliveryValues values) {
    Place place = handshake.learns();
    return place == null ? null : Secret.of(values.required(place));
  }

  private static @Nullable URI opens(Handshake handshake, DeliveryValues values) {
    Condition opens = handshake.opens();
    return opens == null ? null : values.url(opens);
  }

  private String fill(String template, DeliveryValues values) {
    StringBuilder filled = new StringBuilder();
    SignedText.ofAnswer(template)
        .sections()
        .forEach(section -> section.parts().forEach(part -> filled.append(text(part, values))));
    return filled.toString();
  }

  private String text(Part part, DeliveryValues values) {
    if (part instanceof Text text) {
      return text.text();
    }
    Value named = (Value) part;
    String value = values.required(DeliveryValues.place(named));
    return named.function().isEmpty() ? value : mac(value);
  }

  private String mac(String value) {
    if (arrival.secrets().isEmpty()) {
      throw Refusals.refused(Reason.NO_SECRET, "there is no secret to answer with");
    }
    byte[] key = SecretText.key(signature, arrival.secrets().get(0));
    byte[] mac = Crypto.mac(signature.algorithm(), key, encoded(value));
    return signature.encoding() == Encoding.HEX
        ? Crypto.hex(mac)
        : Base64.getEncoder().encodeToString(mac);
  }
}
