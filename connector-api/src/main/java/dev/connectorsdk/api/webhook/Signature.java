package dev.connectorsdk.api.webhook;

import dev.connectorsdk.api.internal.SignedText;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a service signs the deliveries of its webhooks, as data. The same declaration checks a
 * delivery and signs a sample.
 *
 * <pre>{@code
 * Signature.hmacSha256("{timestamp}.{body}")
 *     .in(Encoding.HEX, Place.header("Acme-Signature").part(",", "v1="))
 *     .timestamp(Place.header("Acme-Signature").part(",", "t="), TimeForm.SECONDS)
 *     .id("{json:/id}")
 *     .build()
 * }</pre>
 *
 * <p>{@link Signatures} has those of many services. A check fails closed: without a secret, without
 * a signature, with an algorithm or a key that was not declared, a delivery is refused. Signatures
 * are compared as bytes, in a time that does not tell where they differ.
 *
 * <p>In the template of the signed text a name in braces stands for
 *
 * <table>
 * <caption>What a template can name</caption>
 * <tr><td>{@code {body}}</td><td>the bytes as received</td></tr>
 * <tr><td>{@code {timestamp}}</td><td>the timestamp as sent</td></tr>
 * <tr><td>{@code {header:Name} {query:name} {form:name} {json:/pointer}}</td><td>a header, a
 *     parameter of the query, a field of a form, a member of a JSON body</td></tr>
 * <tr><td>{@code {method}}</td><td>the method in upper case</td></tr>
 * <tr><td>{@code {url}}</td><td>the callback URL as it was registered</td></tr>
 * <tr><td>{@code {called-url}}</td><td>the same with the query of this delivery in the place of its
 *     own, for services that add parameters</td></tr>
 * <tr><td>{@code {path}}</td><td>the path of the registered URL</td></tr>
 * <tr><td>{@code {query}}</td><td>the query of this delivery, undecoded</td></tr>
 * <tr><td>{@code {form-sorted}}</td><td>the fields of a form, sorted, each as name and value, a
 *     value that comes twice once; nothing for another body</td></tr>
 * <tr><td>{@code {headers-in:Name}}</td><td>the headers that the header lists, sorted, as {@code
 *     name:value;name:value}; the list has to name itself and the timestamp's header</td></tr>
 * <tr><td>{@code {secret}}</td><td>the secret; with {@link Algorithm#SHA256} alone</td></tr>
 * </table>
 *
 * <p>{@code {body|sha256}} is a digest in lower-case hexadecimal digits. A value that is missing
 * refuses the delivery, unless it stands in brackets: {@code [Subject={json:/Subject},]} is then
 * left out as a whole.
 *
 * <p>Immutable.
 */
public final class Signature {

  private static final Duration STANDARD_TOLERANCE = Duration.ofMinutes(5);

  /** How a signature is made. */
  public enum Algorithm {
    /** HMAC with SHA-256; RFC 2104. */
    HMAC_SHA256,
    /** HMAC with SHA-1. */
    HMAC_SHA1,
    /** HMAC with SHA-512. */
    HMAC_SHA512,
    /** A plain SHA-256 hash of a text that contains the secret. */
    SHA256,
    /** Ed25519; RFC 8032. */
    ED25519,
    /** ECDSA on the curve P-256 with SHA-256, the signature in DER. */
    ECDSA_P256_SHA256,
    /** RSA (PKCS#1 v1.5) with SHA-1. */
    RSA_SHA1,
    /** RSA (PKCS#1 v1.5) with SHA-256. */
    RSA_SHA256,
    /** The signature is a JWT with a shared secret; RFC 7519, HS256. */
    JWT_HS256,
    /** The signature is a JWT, RS256, with a key of a {@linkplain Signature#keySet set}. */
    JWT_RS256,
    /** The signature is a JWT, ES256, with a key of a {@linkplain Signature#keySet set}. */
    JWT_ES256,
    /** The secret itself is sent. */
    TOKEN,
    /** Code checks it: {@link Signature#verifier}. */
    CODE,
    /** Nothing is signed. */
    NONE;

    private static final Set<Algorithm> OF_TEXT = EnumSet.range(HMAC_SHA256, RSA_SHA256);
    private static final Set<Algorithm> MAC = EnumSet.range(HMAC_SHA256, HMAC_SHA512);
    private static final Set<Algorithm> RSA = EnumSet.of(RSA_SHA1, RSA_SHA256);
    private static final Set<Algorithm> PUBLIC_KEY = EnumSet.range(ED25519, RSA_SHA256);

    /** Returns whether a text is signed, as opposed to claims or nothing. */
    public boolean signsText() {
      return OF_TEXT.contains(this);
    }

    /** Returns whether it is checked with a public key that is given like a secret. */
    public boolean hasPublicKey() {
      return PUBLIC_KEY.contains(this);
    }

    /** Returns whether it is a JWT. */
    public boolean isJwt() {
      return this == JWT_HS256 || this == JWT_RS256 || this == JWT_ES256;
    }

    private boolean takesTheSameKeysAs(Algorithm other) {
      return this == other
          || (MAC.contains(this) && MAC.contains(other))
          || (RSA.contains(this) && RSA.contains(other));
    }
  }

  /** How a signature is written. */
  public enum Encoding {
    /** In hexadecimal digits of either case. */
    HEX,
    /** In Base64 with padding; RFC 4648 section 4. */
    BASE64
  }

  /** How a secret gives the key. */
  public enum KeyForm {
    /** Its UTF-8 bytes are the key. */
    TEXT,
    /** In hexadecimal digits. */
    HEX,
    /** In Base64. */
    BASE64,
    /** The SHA-1 hash of its UTF-8 bytes is the key. */
    SHA1,
    /** A public key (SubjectPublicKeyInfo, RFC 5280) or a certificate, in PEM or bare Base64. */
    PUBLIC_KEY
  }

  /** How a timestamp is written. */
  public enum TimeForm {
    /** Seconds since 1970. */
    SECONDS,
    /** Milliseconds since 1970. */
    MILLIS,
    /** Such as {@code 2026-01-31T12:00:00Z}; RFC 3339. */
    ISO_8601
  }

  /** What a signature is over if a body is packed: {@code Content-Encoding: gzip}, RFC 9110. */
  public enum Packing {
    /** No body is packed; one that is, is refused. */
    NONE,
    /** The packed bytes are signed. */
    SIGNED_PACKED,
    /** The unpacked bytes are signed. */
    SIGNED_UNPACKED
  }

  /**
   * When a delivery is too old or too early. A timestamp exactly at the tolerance is accepted.
   *
   * @param place where the timestamp is
   * @param form how it is written
   * @param past how long ago it may be
   * @param future how far ahead it may be, for clocks that differ
   */
  public record Freshness(Place place, TimeForm form, Duration past, Duration future) {

    public Freshness {
      Objects.requireNonNull(place, "place");
      Objects.requireNonNull(form, "form");
      if (past.isNegative() || future.isNegative()) {
        throw new IllegalArgumentException("A tolerance is negative");
      }
    }
  }

  /**
   * Something that has to be in a delivery.
   *
   * @param place where
   * @param values of which it has to be one; empty if any will do that is not empty
   * @param pattern a regular expression that the whole value has to match, or {@code null}; a
   *     malformed one is an {@link IllegalArgumentException}
   */
  public record Condition(Place place, Set<String> values, @Nullable String pattern) {

    public Condition {
      Objects.requireNonNull(place, "place");
      values = Set.copyOf(values);
      if (pattern != null) {
        Pattern.compile(pattern);
      }
    }

    /** Returns whether {@code value} will do. */
    public boolean accepts(String value) {
      return !value.isEmpty()
          && (values.isEmpty() || values.contains(value))
          && (pattern == null || value.matches(pattern));
    }

    /** Refuses a condition that does not say that the value is an https URL. */
    void requireHttps(String problem) {
      if (pattern == null || !pattern.startsWith("https://")) {
        throw new IllegalArgumentException(problem);
      }
    }
  }

  /**
   * A certificate with the key, which deliveries name by its URL. It is believed since it comes
   * from that URL, by https: whoever issued it is not looked at.
   *
   * @param url where the URL is, and a pattern for it that begins with {@code https://}
   * @param names a regular expression that the common name of its subject or one of its DNS names
   *     has to match; a malformed one is an {@link IllegalArgumentException}
   */
  public record Certificate(Condition url, String names) {

    public Certificate {
      Objects.requireNonNull(url, "url");
      Pattern.compile(names);
      url.requireHttps("A certificate is fetched from an https URL alone");
    }
  }

  private final Algorithm algorithm;
  private final String text;
  private final Encoding encoding;
  private final List<Place> places;
  private final KeyForm keyForm;
  private final String keyPrefix;
  private final @Nullable URI keySet;
  private final @Nullable Certificate certificate;
  private final @Nullable Place algorithmPlace;
  private final Map<String, Algorithm> algorithmNames;
  private final @Nullable Freshness freshness;
  private final @Nullable String id;
  private final @Nullable Boolean bodyIsId;
  private final @Nullable Place bodyDigest;
  private final @Nullable String each;
  private final Packing packing;
  private final List<Condition> conditions;
  private final List<Handshake> handshakes;
  private final @Nullable DeliveryVerifier verifier;

  private Signature(Builder builder) {
    this.algorithm = builder.algorithm;
    this.text = builder.text;
    this.encoding = builder.encoding;
    this.places = List.copyOf(builder.places);
    this.keyForm = builder.keyForm();
    this.keyPrefix = builder.keyPrefix;
    this.keySet = builder.keySet;
    this.certificate = builder.certificate;
    this.algorithmPlace = builder.algorithmPlace;
    this.algorithmNames = Map.copyOf(builder.algorithmNames);
    this.freshness = builder.freshness();
    this.id = builder.id;
    this.bodyIsId = builder.bodyIsId;
    this.bodyDigest = builder.bodyDigest;
    this.each = builder.each;
    this.packing = builder.packing;
    this.conditions = List.copyOf(builder.conditions);
    this.handshakes = List.copyOf(builder.handshakes);
    this.verifier = builder.verifier;
  }

  /** Starts a signature with HMAC-SHA256 over {@code text}, a template. */
  public static Builder hmacSha256(String text) {
    return of(Algorithm.HMAC_SHA256, text);
  }

  /** Starts a signature over {@code text}, a template. */
  public static Builder of(Algorithm algorithm, String text) {
    return new Builder(algorithm, text);
  }

  /**
   * Starts a signature that is a JWT.
   *
   * @param algorithm the one that is accepted, whatever the token names
   */
  public static Builder jwt(Algorithm algorithm) {
    return new Builder(algorithm, "");
  }

  /** Starts a declaration for a service that sends the secret itself. */
  public static Builder token() {
    return new Builder(Algorithm.TOKEN, "");
  }

  /** Starts a declaration whose signature code checks. */
  public static Builder inCode(DeliveryVerifier verifier) {
    Builder builder = new Builder(Algorithm.CODE, "");
    builder.verifier = Objects.requireNonNull(verifier, "verifier");
    return builder;
  }

  /**
   * Starts a declaration for a service that signs nothing. Whoever learns the callback URL can
   * invent deliveries.
   */
  public static Builder unsigned() {
    return new Builder(Algorithm.NONE, "");
  }

  /** Returns how the signature is made; the strongest one if the delivery names it. */
  public Algorithm algorithm() {
    return algorithm;
  }

  /** Returns the template of the signed text; empty if no text is signed. */
  public String text() {
    return text;
  }

  /** Returns how the signature is written. */
  public Encoding encoding() {
    return encoding;
  }

  /** Returns where signatures stand; one that fits is enough. */
  public List<Place> places() {
    return places;
  }

  /** Returns how a secret gives the key. */
  public KeyForm keyForm() {
    return keyForm;
  }

  /** Returns what is taken away from the beginning of a secret if it is there. */
  public String keyPrefix() {
    return keyPrefix;
  }

  /** Returns where the keys of a JWT are published, or {@code null}. */
  public @Nullable URI keySet() {
    return keySet;
  }

  /** Returns which certificates deliveries can name, or {@code null} if they name none. */
  public @Nullable Certificate certificate() {
    return certificate;
  }

  /**
   * Returns whether deliveries are checked with a secret, or with a public key that is given like
   * one. Of code it is not known.
   */
  public boolean needsSecret() {
    return algorithm != Algorithm.NONE
        && algorithm != Algorithm.CODE
        && keySet == null
        && certificate == null;
  }

  /** Returns where a delivery names the algorithm, or {@code null}. */
  public @Nullable Place algorithmPlace() {
    return algorithmPlace;
  }

  /** Returns the algorithms that a delivery can name; the empty name is for none. */
  public Map<String, Algorithm> algorithmNames() {
    return algorithmNames;
  }

  /** Returns the rule for the timestamp, or {@code null} if there is none. */
  public @Nullable Freshness freshness() {
    return freshness;
  }

  /** Returns the template of the delivery's id, or {@code null} if deliveries have none. */
  public @Nullable String id() {
    return id;
  }

  /**
   * Returns whether a delivery without an id is recognised by its body, so that one with the same
   * body counts as a repeat for seven days. Otherwise each is an event of its own.
   */
  public boolean bodyIsId() {
    return bodyIsId == null || bodyIsId;
  }

  /**
   * Returns whether it was said what a repeat is: by an id, or by {@link Builder#bodyIsId} or
   * {@link Builder#bodyIsNoId}.
   */
  public boolean saysWhatRepeatsAre() {
    return id != null || bodyIsId != null;
  }

  /** Returns where a SHA-256 digest of the body is, or {@code null}. */
  public @Nullable Place bodyDigest() {
    return bodyDigest;
  }

  /** Returns the pointer to an array whose items are signed one by one, or {@code null}. */
  public @Nullable String each() {
    return each;
  }

  /** Returns what is signed if a body is packed. */
  public Packing packing() {
    return packing;
  }

  /** Returns what else has to be in a delivery. */
  public List<Condition> conditions() {
    return conditions;
  }

  /** Returns the requests by which the callback URL proves itself. */
  public List<Handshake> handshakes() {
    return handshakes;
  }

  /** Returns the code that checks the signature; {@code null} unless it is in code. */
  public @Nullable DeliveryVerifier verifier() {
    return verifier;
  }

  /** Returns whether nothing is signed, so that everybody who knows the URL is believed. */
  public boolean isUnsigned() {
    return algorithm == Algorithm.NONE;
  }

  /** Returns whether the signature changes with every byte of the body. Code is believed to. */
  public boolean coversBody() {
    return algorithm == Algorithm.CODE
        || bodyDigest != null
        || (algorithm.signsText() && SignedText.ofSignature(text).names("body", ""));
  }

  /**
   * Returns whether the signature covers the delivery's id. One that it does not cover recognises
   * repeats of the service, and stops nobody who sends a delivery again under another id.
   */
  public boolean coversId() {
    return id != null && SignedText.ofId(id).values().stream().allMatch(this::covers);
  }

  private boolean covers(SignedText.Value value) {
    return switch (value.source()) {
      case "claim" -> true;
      case "json", "form" -> coversBody() || inText(value);
      default -> inText(value);
    };
  }

  private boolean inText(SignedText.Value value) {
    return algorithm.signsText()
        && names(SignedText.ofSignature(text), value.source(), value.name());
  }

  /** Returns whether a text has a value in it, by itself or with the whole query. */
  private static boolean names(SignedText text, String source, String name) {
    return text.names(source, name)
        || (source.equals("query") && (text.names("query", "") || text.names("called-url", "")));
  }

  /**
   * Returns whether nobody can have an event handled twice by sending its delivery again: by what
   * repeats are recognised, their id or their body, is covered by the signature. Ids are known for
   * at least 7 days after an event was accepted or dropped; what is sent again later counts as new
   * unless the signature's timestamp is too old by then.
   */
  public boolean stopsReplays() {
    return id == null ? bodyIsId() && coversBody() : coversId();
  }

  /**
   * Returns the headers of the delivery's id that are no id by their name, such as {@code
   * x-request-id}, {@code date} and {@code traceparent}: they change with every repeat, so that
   * repeats would not be recognised.
   */
  public List<String> doubtfulIdHeaders() {
    return id == null
        ? List.of()
        : SignedText.ofId(id).values().stream()
            .filter(value -> value.source().equals("header") && ChangingHeaders.has(value.name()))
            .map(SignedText.Value::name)
            .toList();
  }

  /** Returns a builder with the parts of this one, to change some. */
  public Builder toBuilder() {
    Builder builder = new Builder(algorithm, text);
    builder.encoding = encoding;
    builder.places = places;
    builder.keyForm = keyForm;
    builder.keyPrefix = keyPrefix;
    builder.keySet = keySet;
    builder.certificate = certificate;
    builder.algorithmPlace = algorithmPlace;
    builder.algorithmNames = algorithmNames;
    if (freshness != null) {
      builder.timestamp(freshness.place(), freshness.form());
      builder.tolerance(freshness.past(), freshness.future());
    }
    builder.id = id;
    builder.bodyIsId = bodyIsId;
    builder.bodyDigest = bodyDigest;
    builder.each = each;
    builder.packing = packing;
    builder.conditions.addAll(conditions);
    builder.handshakes.addAll(handshakes);
    builder.verifier = verifier;
    return builder;
  }

  /** Returns algorithm and place. */
  @Override
  public String toString() {
    return "Signature[" + algorithm + (places.isEmpty() ? "" : " in " + places.get(0)) + "]";
  }

  /** Collects the parts of a signature. Not safe for use by several threads. */
  public static final class Builder {

    private final Algorithm algorithm;
    private final String text;
    private Encoding encoding = Encoding.HEX;
    private List<Place> places = List.of();
    private @Nullable KeyForm keyForm;
    private String keyPrefix = "";
    private @Nullable URI keySet;
    private @Nullable Certificate certificate;
    private @Nullable Place algorithmPlace;
    private Map<String, Algorithm> algorithmNames = Map.of();
    private @Nullable Place timestamp;
    private TimeForm timeForm = TimeForm.SECONDS;
    private Duration past = STANDARD_TOLERANCE;
    private Duration future = STANDARD_TOLERANCE;
    private @Nullable String id;
    private @Nullable Boolean bodyIsId;
    private @Nullable Place bodyDigest;
    private @Nullable String each;
    private Packing packing = Packing.NONE;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Handshake> handshakes = new ArrayList<>();
    private @Nullable DeliveryVerifier verifier;

    private Builder(Algorithm algorithm, String text) {
      this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
      this.text = Objects.requireNonNull(text, "text");
    }

    /**
     * Sets where the signature is and how it is written. With several places, one that has a
     * fitting signature is enough.
     */
    public Builder in(Encoding encoding, Place... places) {
      this.encoding = Objects.requireNonNull(encoding, "encoding");
      this.places = List.of(places);
      return this;
    }

    /** Sets where a JWT or a token is, which are not encoded any further. */
    public Builder in(Place... places) {
      this.places = List.of(places);
      return this;
    }

    /** Sets how a secret gives the key: as text unless this is called, or a public key. */
    public Builder key(KeyForm form) {
      return key(form, "");
    }

    /**
     * Sets how a secret gives the key.
     *
     * @param prefix what is taken away from the beginning of a secret if it is there
     */
    public Builder key(KeyForm form, String prefix) {
      this.keyForm = Objects.requireNonNull(form, "form");
      this.keyPrefix = Objects.requireNonNull(prefix, "prefix");
      return this;
    }

    /** Sets where the service publishes the keys of its JWTs, as a JWK set; https. */
    public Builder keySet(URI location) {
      this.keySet = Objects.requireNonNull(location, "location");
      return this;
    }

    /**
     * Has deliveries name a certificate with the key, in place of a key that is given.
     *
     * @param place where its URL is
     * @param urls a regular expression that the whole URL has to match, beginning with {@code
     *     https://} and the service's host
     * @param names a regular expression that one of its names has to match; see {@link Certificate}
     * @throws IllegalArgumentException if one is malformed, or a URL without https would do
     */
    public Builder certificate(Place place, String urls, String names) {
      this.certificate = new Certificate(new Condition(place, Set.of(), urls), names);
      return this;
    }

    /**
     * Has deliveries name the algorithm.
     *
     * @param names the accepted ones by name, the builder's own among them; under the empty name
     *     what holds if there is none, and without that such a delivery is refused
     */
    public Builder algorithmNamedBy(Place place, Map<String, Algorithm> names) {
      this.algorithmPlace = Objects.requireNonNull(place, "place");
      this.algorithmNames = Map.copyOf(names);
      return this;
    }

    /** Sets where the timestamp is. Its tolerance is 300 s both ways. */
    public Builder timestamp(Place place, TimeForm form) {
      this.timestamp = Objects.requireNonNull(place, "place");
      this.timeForm = Objects.requireNonNull(form, "form");
      return this;
    }

    /** Sets how old a timestamp may be and how far ahead. */
    public Builder tolerance(Duration past, Duration future) {
      this.past = Objects.requireNonNull(past, "past");
      this.future = Objects.requireNonNull(future, "future");
      return this;
    }

    /**
     * Sets the id of a delivery, by which repeats are recognised.
     *
     * @param template such as {@code {json:/id}}; of what the service says that it stays the same
     *     when it sends a delivery again. A delivery where a part is missing has no id
     */
    public Builder id(String template) {
      this.id = Objects.requireNonNull(template, "template");
      return this;
    }

    /**
     * Has a delivery without an id be recognised by its body, for a service that never sends the
     * same body for two events. So it is if nothing is said, and then the lint asks.
     */
    public Builder bodyIsId() {
      this.bodyIsId = true;
      return this;
    }

    /**
     * Has each delivery without an id be an event of its own, for a service that sends the same
     * body again when something else has happened, such as a notice that there is news. What it
     * repeats comes again, and so does what somebody else has seen and sends again, within the
     * tolerance of a timestamp if there is one.
     */
    public Builder bodyIsNoId() {
      this.bodyIsId = false;
      return this;
    }

    /**
     * Sets where a SHA-256 digest of the body is, in hexadecimal digits, for a signature that
     * covers that in place of the body: {@link #build} refuses one that does not. Only an empty
     * body needs none, and a form if the signed text has {@code {form-sorted}}.
     */
    public Builder bodyDigest(Place place) {
      this.bodyDigest = Objects.requireNonNull(place, "place");
      return this;
    }

    /**
     * Has the items of an array signed one by one: JSON places and pointers start at the item, and
     * each item has to be authentic. An empty array is refused.
     *
     * @param pointer to the array, in the body
     */
    public Builder each(String pointer) {
      this.each = Place.json(pointer).name();
      return this;
    }

    /**
     * Takes bodies that are packed with gzip, as far as they are not larger unpacked than a
     * delivery may be. The trigger reads the unpacked bytes.
     */
    public Builder packed(Packing packing) {
      this.packing = Objects.requireNonNull(packing, "packing");
      return this;
    }

    /** Refuses deliveries that have nothing in this place. */
    public Builder requiring(Place place) {
      conditions.add(new Condition(place, Set.of(), null));
      return this;
    }

    /** Refuses deliveries that have anything but one of {@code values} in this place. */
    public Builder requiring(Place place, String... values) {
      if (values.length == 0) {
        throw new IllegalArgumentException("No value is accepted in " + place);
      }
      conditions.add(new Condition(place, Set.of(values), null));
      return this;
    }

    /** Adds a request by which the callback URL proves itself. */
    public Builder handshake(Handshake handshake) {
      handshakes.add(Objects.requireNonNull(handshake, "handshake"));
      return this;
    }

    /**
     * Returns the signature.
     *
     * @throws IllegalArgumentException if parts are missing or do not go together
     */
    public Signature build() {
      requirePlaces();
      requireText();
      requireDigest();
      requireKeys();
      requireAlgorithms();
      if (id != null) {
        SignedText.ofId(id);
      }
      return new Signature(this);
    }

    private void requirePlaces() {
      boolean needed = algorithm != Algorithm.NONE && algorithm != Algorithm.CODE;
      require(needed != places.isEmpty(), needed ? "needs a place: in(...)" : "has no place");
    }

    private void requireText() {
      boolean needed = algorithm.signsText();
      require(
          needed != text.isEmpty(), needed ? "needs the template of its text" : "signs no text");
      if (text.isEmpty()) {
        return;
      }
      SignedText parsed = SignedText.ofSignature(text);
      boolean plainHash = algorithm == Algorithm.SHA256;
      require(
          plainHash == parsed.names("secret", ""),
          plainHash ? "needs {secret} in its text" : "has no {secret} in its text");
      require(
          timestamp != null || !parsed.names("timestamp", ""),
          "signs {timestamp}, and nothing says where that is: timestamp(...)");
      require(
          timestamp == null || parsed.names("timestamp", "") || covers(parsed, timestamp),
          "does not cover its timestamp");
    }

    /** Whoever could change the digest could change the body. */
    private void requireDigest() {
      if (bodyDigest == null) {
        return;
      }
      boolean covered =
          algorithm.signsText()
              ? names(SignedText.ofSignature(text), source(bodyDigest), bodyDigest.name())
              : algorithm.isJwt() && bodyDigest.source() == Place.Source.CLAIM;
      require(covered || algorithm == Algorithm.CODE, "does not cover the digest: bodyDigest(...)");
    }

    private boolean covers(SignedText parsed, Place place) {
      boolean listed = parsed.values().stream().anyMatch(v -> v.source().equals("headers-in"));
      return names(parsed, source(place), place.name())
          || (place.isInBody() ? parsed.names("body", "") : listed);
    }

    private static String source(Place place) {
      return place.source().name().toLowerCase(Locale.ROOT);
    }

    private void requireKeys() {
      boolean published = algorithm.isJwt() && algorithm != Algorithm.JWT_HS256;
      require(published == (keySet != null), published ? "needs keySet(...)" : "has no key set");
      require(
          keySet == null || "https".equals(keySet.getScheme()), "needs a key set at an https URL");
      require(
          certificate == null || keyForm() == KeyForm.PUBLIC_KEY, "takes no key of a certificate");
      boolean fits =
          switch (keyForm()) {
            case PUBLIC_KEY -> algorithm.hasPublicKey();
            case HEX, BASE64 -> algorithm == Algorithm.ED25519 || !algorithm.hasPublicKey();
            case TEXT, SHA1 -> !algorithm.hasPublicKey();
          };
      require(fits, "takes no key in the form " + keyForm());
    }

    private void requireAlgorithms() {
      require(
          algorithmPlace == null || algorithmNames.containsValue(algorithm),
          "is not among the algorithms that deliveries name");
      require(
          algorithmNames.values().stream().allMatch(algorithm::takesTheSameKeysAs),
          "takes other keys than one of the algorithms that deliveries name");
      require(
          Algorithm.MAC.contains(algorithm)
              || handshakes.stream().noneMatch(Handshake::signsValues),
          "cannot sign the value that a handshake is answered with");
    }

    private void require(boolean condition, String problem) {
      if (!condition) {
        throw new IllegalArgumentException("A signature with " + algorithm + " " + problem);
      }
    }

    private KeyForm keyForm() {
      if (keyForm != null) {
        return keyForm;
      }
      return algorithm.hasPublicKey() ? KeyForm.PUBLIC_KEY : KeyForm.TEXT;
    }

    private @Nullable Freshness freshness() {
      return timestamp == null ? null : new Freshness(timestamp, timeForm, past, future);
    }
  }
}
