package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.internal.SignedText;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Place.Source;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Condition;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.Freshness;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Signs a sample as the service would. */
final class SampleSigner {

  private final Signature signature;
  private final Secret secret;
  private final URI callback;
  private final Instant at;
  private final Map<String, Object> claims = new LinkedHashMap<>();

  SampleSigner(Signature signature, Secret secret, URI callback, Instant at) {
    this.signature = signature;
    this.secret = secret;
    this.callback = callback;
    this.at = at;
  }

  Delivery sign(Delivery sample) {
    if (signature.algorithm() == Algorithm.CODE) {
      throw new IllegalArgumentException("A signature that code checks signs no samples");
    }
    SampleDraft draft = new SampleDraft(sample);
    signature.places().forEach(draft::remove);
    complete(draft);
    if (signature.isUnsigned()) {
      return draft.delivery();
    }
    for (String item : items(draft)) {
      put(draft, item, signature.places().get(0), value(draft, item));
    }
    return draft.delivery();
  }

  /** Returns what stands before the pointers of each item, or nothing if there are no items. */
  private Iterable<String> items(SampleDraft draft) {
    String each = signature.each();
    if (each == null) {
      return Stream.of("").toList();
    }
    int size = JsonBody.read(draft.delivery()).at(each).size();
    return IntStream.range(0, size).mapToObj(i -> each + "/" + i).toList();
  }

  private void complete(SampleDraft draft) {
    Freshness freshness = signature.freshness();
    if (freshness != null) {
      draft.remove(freshness.place());
      put(draft, "", freshness.place(), timestamp(freshness));
    }
    for (Condition condition : signature.conditions()) {
      boolean has =
          condition.place().source() != Source.CLAIM && draft.values().isThere(condition.place());
      if (!has) {
        String value = condition.values().stream().sorted().findFirst().orElse("sample");
        put(draft, "", condition.place(), value);
      }
    }
    nameAlgorithm(draft);
    addMissingHeaders(draft);
    Place digest = signature.bodyDigest();
    byte[] body = draft.delivery().body();
    if (digest != null && body.length > 0 && !draft.values().isForm()) {
      put(draft, "", digest, Crypto.hex(Crypto.hash("SHA-256", body)));
    }
  }

  private String timestamp(Freshness freshness) {
    return switch (freshness.form()) {
      case SECONDS -> Long.toString(at.getEpochSecond());
      case MILLIS -> Long.toString(at.toEpochMilli());
      case ISO_8601 -> at.truncatedTo(ChronoUnit.SECONDS).toString();
    };
  }

  private void nameAlgorithm(SampleDraft draft) {
    Place place = signature.algorithmPlace();
    if (place == null) {
      return;
    }
    draft.remove(place);
    signature.algorithmNames().entrySet().stream()
        .filter(entry -> entry.getValue() == signature.algorithm() && !entry.getKey().isEmpty())
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .ifPresent(name -> put(draft, "", place, name));
  }

  /** Ids in headers, and lists of the headers that are signed. */
  private void addMissingHeaders(SampleDraft draft) {
    Stream<SignedText.Value> inText = SignedText.ofSignature(signature.text()).values().stream();
    Stream<SignedText.Value> inId =
        SignedText.ofId(Objects.requireNonNullElse(signature.id(), "")).values().stream();
    Stream.concat(inText, inId)
        .filter(value -> value.source().startsWith("header"))
        .map(value -> Map.entry(Place.header(value.name()), value.source()))
        .filter(header -> !draft.values().isThere(header.getKey()))
        .toList()
        .forEach(
            header ->
                draft.put(
                    header.getKey(),
                    header.getValue().equals("header")
                        ? "sample-" + at.toEpochMilli()
                        : signedHeaders(header.getKey())));
  }

  private String signedHeaders(Place list) {
    Freshness freshness = signature.freshness();
    Stream<String> names =
        freshness == null
            ? Stream.of(list.name())
            : Stream.of(list.name(), freshness.place().name());
    return String.join(",", names.sorted().toList());
  }

  private String value(SampleDraft draft, String item) {
    Algorithm algorithm = signature.algorithm();
    if (algorithm == Algorithm.TOKEN) {
      return SecretText.text(signature, secret);
    }
    if (algorithm.isJwt()) {
      if (signature.freshness() == null) {
        claims.put("exp", Date.from(at.plus(5, ChronoUnit.MINUTES)));
      }
      return SignedToken.sign(signature, secret, claims);
    }
    byte[] made = signed(draft, item, algorithm);
    return signature.encoding() == Encoding.HEX
        ? Crypto.hex(made)
        : Base64.getEncoder().encodeToString(made);
  }

  private byte[] signed(SampleDraft draft, String item, Algorithm algorithm) {
    DeliveryValues whole = draft.values();
    DeliveryValues values = item.isEmpty() ? whole : whole.of(whole.json().at(item));
    TextFiller filler = new TextFiller(values, callback, signature.freshness());
    SignedText text = SignedText.ofSignature(signature.text());
    if (algorithm.hasPublicKey()) {
      return Crypto.sign(
          algorithm, SecretText.privateKey(algorithm, secret), filler.fill(text, ""));
    }
    byte[] filled = filler.fill(text, SecretText.text(signature, secret));
    return Crypto.mac(algorithm, SecretText.key(signature, secret), filled);
  }

  private void put(SampleDraft draft, String item, Place place, String value) {
    if (place.source() == Source.CLAIM) {
      claims.put(place.name(), claim(place, value));
    } else if (place.source() == Source.JSON) {
      draft.put(Place.json(item + place.name()).after(place.prefix()), value);
    } else {
      draft.put(place, value);
    }
  }

  private Object claim(Place place, String value) {
    Freshness freshness = signature.freshness();
    boolean isTime = freshness != null && freshness.place().equals(place);
    return isTime ? (Object) Long.valueOf(value) : value;
  }
}
