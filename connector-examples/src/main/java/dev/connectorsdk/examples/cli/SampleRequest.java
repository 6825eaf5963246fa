package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.auth.webhook.WebhookSignatures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * What a service would send.
 *
 * @param signature how it signs
 * @param to the callback URL
 * @param at when it signs
 */
record SampleRequest(Signature signature, HttpUrl to, Instant at) {

  /**
   * Returns the request.
   *
   * @param secret with which to sign, or {@code null} if nothing is signed
   * @throws UsageException if there is no secret and there has to be one, or the other way round,
   *     or HTTP does not allow a header
   */
  Request with(Map<String, String> headers, byte[] body, @Nullable Secret secret) {
    Map<String, List<String>> given =
        headers.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, header -> List.of(header.getValue())));
    Delivery sample = signed(new Delivery("POST", given, to.encodedQuery(), body), secret);
    Request.Builder request =
        new Request.Builder()
            .url(to.newBuilder().encodedQuery(sample.query()).build())
            .post(RequestBody.create(sample.body()));
    sample.headers().forEach((name, values) -> values.forEach(value -> add(request, name, value)));
    return request.build();
  }

  private static void add(Request.Builder request, String name, String value) {
    try {
      request.addHeader(name, value);
    } catch (IllegalArgumentException e) {
      throw new UsageException("HTTP does not allow the header '" + name + "' or its value");
    }
  }

  private Delivery signed(Delivery sample, @Nullable Secret secret) {
    if (signature.isUnsigned() != (secret == null)) {
      throw new UsageException(
          signature.isUnsigned()
              ? "the trigger declares no signature, so that a --secret is of no use"
              : "the trigger declares a signature: give its --secret");
    }
    try {
      Secret any = secret == null ? Secret.of("none") : secret;
      return WebhookSignatures.sign(signature, any, sample, to.uri(), at);
    } catch (IllegalArgumentException e) {
      throw new UsageException("the sample cannot be signed: " + e.getMessage());
    }
  }
}
