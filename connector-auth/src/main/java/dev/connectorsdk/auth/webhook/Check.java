package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.internal.SignedText;
import dev.connectorsdk.api.webhook.Arrival;
import dev.connectorsdk.api.webhook.DeliveryVerifier;
import dev.connectorsdk.api.webhook.Place;
import dev.connectorsdk.api.webhook.Place.Source;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import dev.connectorsdk.api.webhook.Signature.Condition;
import dev.connectorsdk.api.webhook.Signature.Encoding;
import dev.connectorsdk.api.webhook.Signature.Freshness;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;

/** Checks one delivery: its signature first, then what is only believed because of that. */
final class Check {

  private static final int MOST_SIGNATURES = 100;
  private static final int MOST_WITH_PUBLIC_KEY = 10;
  private static final int MOST_ITEMS = 1000;
  private static final int LONGEST_TIMESTAMP = 15;

  private final Signature signature;
  private final Arrival arrival;
  private final DeliveryValues whole;

  Check(Signature signature, Arrival arrival) {
    this.signature = signature;
    this.arrival = arrival;
    this.whole = new DeliveryValues(arrival.delivery());
  }

  /** Returns the delivery's values once they are known to be authentic. */
  DeliveryValues authentic() {
    requireSecrets();
    List<DeliveryValues> items = signature.each() == null ? List.of(whole) : items();
    items.forEach(this::checkSignature);
    items.forEach(this::checkRest);
    return whole;
  }

  /** Returns the delivery's id, or nothing if one of its parts is missing. */
  Optional<String> id() {
    return id(signature, whole);
  }

  static Optional<String> id(Signature signature, DeliveryValues values) {
    String template = signature.id();
    if (template == null) {
      return Optional.empty();
    }
    StringBuilder id = new StringBuilder();
    for (SignedText.Section section : SignedText.ofId(template).sections()) {
      for (SignedText.Part part : section.parts()) {
        String text =
            part instanceof SignedText.Value value
                ? idPart(values, DeliveryValues.place(value))
                : part.toString();
        if (text.isEmpty()) {
          return Optional.empty();
        }
        id.append(text);
      }
    }
    return StrictText.utf8(id.toString()) == null ? Optional.empty() : Optional.of(id.toString());
  }

  /** A delivery can be authentic without being JSON; then there is no id in it. */
  private static String idPart(DeliveryValues values, Place place) {
    try {
      return Objects.requireNonNullElse(values.one(place), "");
    } catch (DeliveryRefusedException e) {
      if (place.source() == Source.JSON) {
        return "";
      }
      throw e;
    }
  }

  private void requireSecrets() {
    boolean needed = signature.needsSecret();
    if (needed && arrival.secrets().isEmpty()) {
      throw Refusals.refused(Reason.NO_SECRET, "there is no secret to check it with");
    }
    if (needed) {
      arrival.secrets().forEach(secret -> SecretText.text(signature, secret));
    }
  }

  private List<DeliveryValues> items() {
    JsonNode array = whole.json().at(JsonPointer.compile(signature.each()));
    if (!array.isArray() || array.isEmpty() || array.size() > MOST_ITEMS) {
      throw Refusals.malformed(
          Place.json(Objects.requireNonNull(signature.each())), "is no array of items");
    }
    List<DeliveryValues> items = new ArrayList<>();
    array.forEach(item -> items.add(whole.of(item)));
    return items;
  }

  private void checkSignature(DeliveryValues values) {
    Algorithm algorithm = signature.algorithm();
    if (algorithm == Algorithm.NONE) {
      return;
    }
    if (algorithm == Algorithm.CODE) {
      checkInCode();
    } else if (algorithm.isJwt()) {
      List<String> tokens = signatures(values);
      if (tokens.size() > 1) {
        throw Refusals.malformed("the JWT", "is there more than once");
      }
      values.claims(SignedToken.parse(signature, tokens.get(0)).verified(arrival));
    } else if (!fits(values, algorithm)) {
      throw Refusals.wrong(algorithm == Algorithm.TOKEN ? "the token" : "the signature");
    }
  }

  private boolean fits(DeliveryValues values, Algorithm algorithm) {
    if (algorithm == Algorithm.TOKEN) {
      return fits(signatures(values).stream().map(Check::bytes).toList(), this::token);
    }
    List<byte[]> decoded = decoded(signatures(values));
    Algorithm named = named(values);
    SignedText text = SignedText.ofSignature(signature.text());
    return algorithm.hasPublicKey()
        ? fitsPublicKey(decoded, named, text(values).fill(text, ""), keys(values))
        : fits(decoded, secret -> mac(named, secret, text, values));
  }

  /** What is no text is no token. */
  private static byte[] bytes(String token) {
    return Objects.requireNonNullElse(StrictText.utf8(token), new byte[0]);
  }

  private byte[] token(Secret secret) {
    return SecretText.key(signature, secret);
  }

  private byte[] mac(Algorithm named, Secret secret, SignedText text, DeliveryValues values) {
    byte[] key = SecretText.key(signature, secret);
    return Crypto.mac(named, key, text(values).fill(text, SecretText.text(signature, secret)));
  }

  /** Compares all with all, so that time does not tell which of them fits. */
  private boolean fits(List<byte[]> given, Function<Secret, byte[]> expectation) {
    boolean fits = false;
    for (Secret secret : arrival.secrets()) {
      byte[] expected = expectation.apply(secret);
      for (byte[] one : given) {
        fits |= MessageDigest.isEqual(expected, one);
      }
    }
    return fits;
  }

  private List<PublicKey> keys(DeliveryValues values) {
    return signature.certificate() == null
        ? arrival.secrets().stream().map(one -> SecretText.publicKey(signature, one)).toList()
        : List.of(NamedCertificate.key(signature, values, arrival));
  }

  private static boolean fitsPublicKey(
      List<byte[]> given, Algorithm named, byte[] text, List<PublicKey> keys) {
    if (given.size() > MOST_WITH_PUBLIC_KEY) {
      throw Refusals.malformed("the signature", "is there too often");
    }
    for (PublicKey key : keys) {
      for (byte[] one : given) {
        if (Crypto.verifies(named, key, text, one)) {
          return true;
        }
      }
    }
    return false;
  }

  private TextFiller text(DeliveryValues values) {
    return new TextFiller(values, arrival.callback(), signature.freshness());
  }

  /** Returns the signatures of the accepted scheme, at least one. */
  private List<String> signatures(DeliveryValues values) {
    List<String> found = new ArrayList<>();
    boolean other = false;
    for (Place place : signature.places()) {
      values.all(place).stream().filter(value -> !value.isEmpty()).forEach(found::add);
      other |= values.isThere(place);
    }
    Place first = signature.places().get(0);
    if (found.isEmpty()) {
      throw other ? Refusals.unknown(first) : Refusals.missing(first);
    }
    if (found.size() > MOST_SIGNATURES) {
      throw Refusals.malformed(first, "has too many signatures");
    }
    return found;
  }

  private List<byte[]> decoded(List<String> signatures) {
    List<byte[]> decoded = new ArrayList<>();
    for (String text : signatures) {
      byte[] bytes =
          signature.encoding() == Encoding.HEX ? StrictText.hex(text) : StrictText.base64(text);
      if (bytes != null) {
        decoded.add(bytes);
      }
    }
    if (decoded.isEmpty()) {
      throw Refusals.malformed("the signature", "is not " + signature.encoding());
    }
    return decoded;
  }

  private Algorithm named(DeliveryValues values) {
    Place place = signature.algorithmPlace();
    if (place == null) {
      return signature.algorithm();
    }
    Algorithm named =
        signature.algorithmNames().get(Objects.requireNonNullElse(values.one(place), ""));
    if (named == null) {
      throw Refusals.unknown(place);
    }
    return named;
  }

  private void checkInCode() {
    DeliveryVerifier verifier = Objects.requireNonNull(signature.verifier());
    try {
      verifier.verify(
          new Arrival(
              arrival.delivery(),
              arrival.callback(),
              arrival.secrets(),
              arrival.at(),
              (location, keyId) -> PublishedText.fetch(arrival, location, keyId)));
    } catch (DeliveryRefusedException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusals.refused(Reason.KEYS_UNAVAILABLE, "the check was interrupted");
    } catch (IOException e) {
      throw Refusals.refused(Reason.KEYS_UNAVAILABLE, "the check could not fetch what it needs");
    } catch (Exception e) {
      throw Refusals.malformed("the delivery", "cannot be checked");
    }
  }

  private void checkRest(DeliveryValues values) {
    Freshness freshness = signature.freshness();
    if (freshness != null) {
      checkTime(freshness, values.required(freshness.place()));
    }
    Place digest = signature.bodyDigest();
    if (digest != null) {
      checkDigest(digest, values);
    }
    for (Condition condition : signature.conditions()) {
      boolean accepted =
          condition.place().source() == Source.CLAIM
              ? values.all(condition.place()).stream().anyMatch(condition::accepts)
              : condition.accepts(values.required(condition.place()));
      if (!accepted) {
        throw Refusals.unknown(condition.place());
      }
    }
  }

  private void checkTime(Freshness freshness, String timestamp) {
    Duration age = Duration.between(instant(freshness, timestamp), arrival.at());
    if (age.compareTo(freshness.past()) > 0) {
      throw Refusals.refused(Reason.LATE, "its timestamp is too old");
    }
    if (age.negated().compareTo(freshness.future()) > 0) {
      throw Refusals.refused(Reason.EARLY, "its timestamp is too far in the future");
    }
  }

  private static Instant instant(Freshness freshness, String timestamp) {
    try {
      return switch (freshness.form()) {
        case ISO_8601 -> OffsetDateTime.parse(timestamp).toInstant();
        case SECONDS -> Instant.ofEpochSecond(digits(timestamp));
        case MILLIS -> Instant.ofEpochMilli(digits(timestamp));
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw Refusals.malformed(freshness.place(), "is no timestamp");
    }
  }

  private static long digits(String text) {
    boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || text.length() > LONGEST_TIMESTAMP) {
      throw new NumberFormatException();
    }
    return Long.parseLong(text);
  }

  private void checkDigest(Place place, DeliveryValues values) {
    byte[] body = arrival.delivery().body();
    String given = values.one(place);
    boolean covered =
        body.length == 0
            || (values.isForm()
                && SignedText.ofSignature(signature.text()).names("form-sorted", ""));
    if (given == null && covered) {
      return;
    }
    byte[] digest = given == null ? null : StrictText.hex(given);
    if (digest == null) {
      throw Refusals.missing(place);
    }
    if (!MessageDigest.isEqual(digest, Crypto.hash("SHA-256", body))) {
      throw Refusals.wrong("the digest of the body");
    }
  }
}
