package dev.connectorsdk.api.webhook;

import dev.connectorsdk.api.internal.SignedText;
import dev.connectorsdk.api.webhook.Signature.Condition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request by which a service finds out whether a callback URL is ours, and what is answered.
 *
 * <pre>{@code
 * Handshake.signed("POST")
 *     .when(Place.json("/type"), "url_verification")
 *     .json("challenge", "{json:/challenge}")
 *     .build()
 * }</pre>
 *
 * <p>A signed one, and one with the right token, is answered at any time; an unprotected one only
 * as long as the subscription waits for it. Answers are plain text or JSON, never HTML, with {@code
 * X-Content-Type-Options: nosniff} and at most 1 KiB.
 *
 * <p>In templates, {@code {header:Name} {query:name} {form:name} {json:/pointer}} stand for values
 * of the request, and {@code {query:name|mac}} for a value's signature, made and written as those
 * of deliveries are. In JSON they are escaped.
 *
 * <p>Immutable.
 */
public final class Handshake {

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST");

  private final String method;
  private final boolean signed;
  private final @Nullable Place token;
  private final List<Condition> conditions;
  private final int status;
  private final Map<String, String> headers;
  private final @Nullable String text;
  private final Map<String, Object> json;
  private final @Nullable Place learns;
  private final @Nullable Condition opens;
  private final boolean signsValues;

  private Handshake(Builder builder) {
    this.method = builder.method;
    this.signed = builder.signed;
    this.token = builder.token;
    this.conditions = List.copyOf(builder.conditions);
    this.status = builder.status;
    this.headers = Map.copyOf(builder.headers);
    this.text = builder.text;
    this.json = Collections.unmodifiableMap(new LinkedHashMap<>(builder.json));
    this.learns = builder.learns;
    this.opens = builder.opens;
    this.signsValues = builder.signedValues().findAny().isPresent();
  }

  /**
   * Starts a handshake that is signed like a delivery.
   *
   * @param method GET, HEAD, OPTIONS or POST
   * @throws IllegalArgumentException if it is another one
   */
  public static Builder signed(String method) {
    return new Builder(method, true, null);
  }

  /**
   * Starts a handshake that sends a token that it was given with the subscription.
   *
   * @param method GET, HEAD, OPTIONS or POST
   * @param token where the token is
   * @throws IllegalArgumentException if the method is another one
   */
  public static Builder token(String method, Place token) {
    return new Builder(method, false, Objects.requireNonNull(token, "token"));
  }

  /**
   * Starts a handshake that everybody can send who knows the URL.
   *
   * @param method GET, HEAD, OPTIONS or POST
   * @throws IllegalArgumentException if it is another one
   */
  public static Builder unprotected(String method) {
    return new Builder(method, false, null);
  }

  /** Returns the HTTP method. */
  public String method() {
    return method;
  }

  /** Returns whether it is signed like a delivery. */
  public boolean isSigned() {
    return signed;
  }

  /** Returns where the token is that is compared, or {@code null}. */
  public @Nullable Place token() {
    return token;
  }

  /** Returns what tells a handshake from a delivery. */
  public List<Condition> conditions() {
    return conditions;
  }

  /** Returns the status of the answer. */
  public int status() {
    return status;
  }

  /** Returns headers of the answer: by name, the template of the value. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Returns the template of the answer's text, or {@code null}. */
  public @Nullable String text() {
    return text;
  }

  /** Returns the members of the answer's JSON: a template, or a number. Empty for none. */
  public Map<String, Object> json() {
    return json;
  }

  /** Returns where the secret is that later deliveries are signed with, or {@code null}. */
  public @Nullable Place learns() {
    return learns;
  }

  /** Returns which URL is asked for before the handshake is answered, or {@code null}. */
  public @Nullable Condition opens() {
    return opens;
  }

  /** Returns whether the answer has a value's signature in it. */
  boolean signsValues() {
    return signsValues;
  }

  /** Collects the parts of a handshake. Not safe for use by several threads. */
  public static final class Builder {

    private final String method;
    private final boolean signed;
    private final @Nullable Place token;
    private final List<Condition> conditions = new ArrayList<>();
    private int status = 200;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String text;
    private final Map<String, Object> json = new LinkedHashMap<>();
    private @Nullable Place learns;
    private @Nullable Condition opens;

    private Builder(String method, boolean signed, @Nullable Place token) {
      if (!METHODS.contains(method)) {
        throw new IllegalArgumentException("A handshake has no method '" + method + "'");
      }
      this.method = method;
      this.signed = signed;
      this.token = token;
    }

    /** Tells the handshake by a value that is there. */
    public Builder when(Place place) {
      conditions.add(new Condition(place, Set.of(), null));
      return this;
    }

    /** Tells the handshake by a value. */
    public Builder when(Place place, String value) {
      conditions.add(new Condition(place, Set.of(value), null));
      return this;
    }

    /**
     * Tells the handshake by a value of a certain form, and answers no other.
     *
     * @param pattern a regular expression for the whole value
     * @throws IllegalArgumentException if it is malformed
     */
    public Builder whenMatching(Place place, String pattern) {
      conditions.add(new Condition(place, Set.of(), Objects.requireNonNull(pattern, "pattern")));
      return this;
    }

    /** Sets the status of the answer, 200 unless this is called. */
    public Builder status(int status) {
      this.status = status;
      return this;
    }

    /**
     * Adds a header to the answer.
     *
     * @throws IllegalArgumentException if there can be no such header, or the template is malformed
     */
    public Builder header(String name, String template) {
      SignedText.ofAnswer(template);
      headers.put(Place.header(name).name(), template);
      return this;
    }

    /**
     * Answers with plain text.
     *
     * @throws IllegalArgumentException if the template is malformed
     */
    public Builder text(String template) {
      SignedText.ofAnswer(template);
      this.text = template;
      return this;
    }

    /**
     * Answers with a JSON object that has this text as a member.
     *
     * @throws IllegalArgumentException if the template is malformed
     */
    public Builder json(String member, String template) {
      SignedText.ofAnswer(template);
      json.put(member, template);
      return this;
    }

    /** Answers with a JSON object that has this number as a member. */
    public Builder json(String member, int value) {
      json.put(member, value);
      return this;
    }

    /** Has deliveries checked with the secret that is in this place from now on. */
    public Builder learns(Place place) {
      this.learns = Objects.requireNonNull(place, "place");
      return this;
    }

    /**
     * Has a URL asked for by GET, without credentials, before the handshake is answered. A signed
     * handshake alone can have that.
     *
     * @param place where the URL is
     * @param urls a regular expression that the whole URL has to match, beginning with {@code
     *     https://} and the service's host
     * @throws IllegalArgumentException if it is malformed or does not begin with https
     */
    public Builder opens(Place place, String urls) {
      this.opens = new Condition(place, Set.of(), urls);
      opens.requireHttps("A handshake opens https URLs alone");
      return this;
    }

    /**
     * Returns the handshake.
     *
     * @throws IllegalArgumentException if parts do not go together, or if it would sign whatever
     *     anybody sends
     */
    public Handshake build() {
      if (status < 200 || status > 299) {
        throw new IllegalArgumentException("A handshake is not answered with " + status);
      }
      if (text != null && !json.isEmpty()) {
        throw new IllegalArgumentException("A handshake is answered with text or JSON, not both");
      }
      if (method.equals("POST") && conditions.isEmpty() && token == null) {
        throw new IllegalArgumentException(
            "Nothing tells this handshake from a delivery: when(...)");
      }
      if (opens != null && !signed) {
        throw new IllegalArgumentException("Only a signed handshake opens a URL");
      }
      requireNoOracle();
      return new Handshake(this);
    }

    private void requireNoOracle() {
      boolean isProtected = signed || token != null;
      if (!isProtected && !signedValues().allMatch(this::isLimited)) {
        throw new IllegalArgumentException(
            "An unprotected handshake would sign anything: limit the value with whenMatching(...)");
      }
    }

    private Stream<SignedText.Value> signedValues() {
      return templates().stream()
          .flatMap(template -> SignedText.ofAnswer(template).values().stream())
          .filter(value -> value.function().equals("mac"));
    }

    private List<String> templates() {
      List<String> all = new ArrayList<>(headers.values());
      json.values().stream()
          .filter(String.class::isInstance)
          .map(String.class::cast)
          .forEach(all::add);
      if (text != null) {
        all.add(text);
      }
      return all;
    }

    private boolean isLimited(SignedText.Value value) {
      return conditions.stream()
          .anyMatch(
              c ->
                  c.pattern() != null
                      && c.place().name().equals(value.name())
                      && c.place().source().name().equalsIgnoreCase(value.source()));
    }
  }
}
