package dev.connectorsdk.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import dev.connectorsdk.testkit.KnownRegistrations.Known;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Signs what a service would send, as its trigger declares.
 *
 * @param secret what the service signs with
 * @param callback the URL that it calls
 */
record SampleDelivery(Signature signature, Secret secret, URI callback) {

  /**
   * Returns what signs as the service of a registration does.
   *
   * @param given what it signs with, or {@code null} if that follows from the declaration
   * @param values of the connection's parameters
   */
  static SampleDelivery of(
      WebhookTrigger<?, ?> trigger, Known known, @Nullable Secret given, Map<String, ?> values) {
    Secret secret = given;
    if (secret == null) {
      secret = known.registration().secret();
    }
    if (secret == null) {
      secret =
          trigger
              .secretParameter()
              .map(values::get)
              .filter(Secret.class::isInstance)
              .map(Secret.class::cast)
              .orElse(known.callback().secret());
    }
    return new SampleDelivery(trigger.signature(), secret, known.callback().url());
  }

  /** Returns a delivery that is signed rightly. */
  WebhookRequest signed(String body, Instant at) {
    return request(sign(body, secret, at));
  }

  /**
   * Returns a delivery that somebody else has made: with another body than was signed, or, where
   * the body is not, with another secret.
   */
  WebhookRequest forged(String body, Instant at) {
    if (!signature.coversBody()) {
      return request(sign(body, another(secret), at));
    }
    Delivery right = sign(body, secret, at);
    byte[] other = Arrays.copyOf(right.body(), right.body().length + 1);
    other[other.length - 1] = ' ';
    return request(new Delivery(right.method(), right.headers(), right.query(), other));
  }

  /** Returns a delivery that is signed with another secret. */
  WebhookRequest signedByAnother(String body, Instant at) {
    return request(sign(body, another(secret), at));
  }

  private Delivery sign(String body, Secret with, Instant at) {
    Map<String, List<String>> headers = Map.of("content-type", List.of("application/json"));
    Delivery plain = new Delivery("POST", headers, callback.getRawQuery(), body.getBytes(UTF_8));
    return signature.isUnsigned()
        ? plain
        : WebhookSignatures.sign(signature, with, plain, callback, at);
  }

  private WebhookRequest request(Delivery delivery) {
    return new WebhookRequest(
        delivery.method(),
        callback.getRawPath(),
        delivery.query(),
        delivery.headers(),
        new ByteArrayInputStream(delivery.body()));
  }

  /** Changes one character in the middle, so that what has a form keeps it. */
  private static Secret another(Secret secret) {
    StringBuilder text = new StringBuilder(secret.reveal());
    int middle = text.length() / 2;
    while (middle < text.length() - 1 && !Character.isLetterOrDigit(text.charAt(middle))) {
      middle++;
    }
    text.setCharAt(middle, text.charAt(middle) == 'a' ? 'b' : 'a');
    return Secret.of(text.toString());
  }
}
