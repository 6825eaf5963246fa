package dev.connectorsdk.auth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.KeySource;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery of a test, and copies of it that differ in one thing. */
record Received(
    Signature signature,
    Delivery delivery,
    URI callback,
    List<Secret> secrets,
    Instant at,
    KeySource keys) {

  static final Instant T = Instant.ofEpochSecond(1767225600);
  static final URI U = URI.create("https://hooks.example/in?x=1");
  static final String B = "{\"event\":\"ping\",\"name\":\"Zoë\",\"n\":1}";

  static Received sentBy(Signature signature, String... secrets) {
    return new Received(
        signature,
        new Delivery("POST", Map.of(), "x=1", B.getBytes(UTF_8)),
        U,
        List.of(secrets).stream().map(Secret::of).toList(),
        T,
        (location, keyId) -> {
          throw new IllegalStateException("There are no keys at " + location);
        });
  }

  /** Returns a sample that the signature's own declaration has signed. */
  static Received signed(Signature signature, String secret) {
    return sentBy(signature, secret).signedWith(secret);
  }

  Received signedWith(String secret) {
    return with(WebhookSignatures.sign(signature, Secret.of(secret), delivery, callback, at));
  }

  private Received with(Delivery changed) {
    return new Received(signature, changed, callback, secrets, at, keys);
  }

  private Received with(Map<String, List<String>> headers) {
    return with(new Delivery(delivery.method(), headers, delivery.query(), delivery.body()));
  }

  Arrival arrival() {
    return new Arrival(delivery, callback, secrets, at, keys);
  }

  Optional<String> check() {
    return WebhookSignatures.check(signature, arrival());
  }

  byte[] body() {
    return delivery.body();
  }

  String header(String name) {
    return delivery.headers().get(name.toLowerCase(Locale.ROOT)).get(0);
  }

  Received header(String name, String... values) {
    Map<String, List<String>> changed = new HashMap<>(delivery.headers());
    changed.put(name.toLowerCase(Locale.ROOT), List.of(values));
    return with(changed);
  }

  Received without(String name) {
    Map<String, List<String>> changed = new HashMap<>(delivery.headers());
    changed.remove(name.toLowerCase(Locale.ROOT));
    return with(changed);
  }

  Received body(byte[] changed) {
    return with(new Delivery(delivery.method(), delivery.headers(), delivery.query(), changed));
  }

  Received body(String changed) {
    return body(changed.getBytes(UTF_8));
  }

  Received form(String changed) {
    return header("content-type", "application/x-www-form-urlencoded").body(changed);
  }

  Received method(String changed) {
    return with(new Delivery(changed, delivery.headers(), delivery.query(), delivery.body()));
  }

  Received query(@Nullable String changed) {
    return with(new Delivery(delivery.method(), delivery.headers(), changed, delivery.body()));
  }

  Received callback(String changed) {
    return new Received(signature, delivery, URI.create(changed), secrets, at, keys);
  }

  Received withSecrets(String... changed) {
    List<Secret> others = List.of(changed).stream().map(Secret::of).toList();
    return new Received(signature, delivery, callback, others, at, keys);
  }

  Received arriving(Duration later) {
    return new Received(signature, delivery, callback, secrets, at.plus(later), keys);
  }

  Received keys(KeySource changed) {
    return new Received(signature, delivery, callback, secrets, at, changed);
  }
}
