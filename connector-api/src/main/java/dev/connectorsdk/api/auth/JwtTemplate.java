package dev.connectorsdk.api.auth;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A JWT that is signed for each request anew, as data: an assertion of RFC 7523 section 3, or a
 * token that a service takes as it is. Immutable: each method that changes something returns a
 * copy.
 *
 * <pre>{@code
 * JwtTemplate.signedBy("RS256", "{private_key}")
 *     .claim("iss", "{client_email}")
 *     .claim("aud", "https://oauth2.example.com/token")
 *     .life(Duration.ofMinutes(5))
 * }</pre>
 *
 * <p>{@code iat}, {@code exp} and {@code jti} are added. A claim whose value comes out empty is
 * left out.
 */
public final class JwtTemplate {

  private final String algorithm;
  private final String key;
  private final String keyId;
  private final Map<String, String> claims;
  private final Duration life;

  private JwtTemplate(Draft draft) {
    this.algorithm = draft.algorithm;
    this.key = draft.key;
    this.keyId = draft.keyId;
    this.claims = Collections.unmodifiableMap(new LinkedHashMap<>(draft.claims));
    this.life = draft.life;
  }

  /**
   * Returns a JWT that lives for a minute.
   *
   * @param algorithm such as {@code ES256}, {@code PS256}, {@code RS256} or {@code HS256}
   * @param key the template of the key: a PEM private key or a JWK, for HS256 the secret itself
   */
  public static JwtTemplate signedBy(String algorithm, String key) {
    return new JwtTemplate(new Draft(algorithm, key));
  }

  /** Returns a copy whose header names the key. */
  public JwtTemplate keyId(String template) {
    return changed(draft -> draft.keyId = Objects.requireNonNull(template));
  }

  /** Returns a copy with a claim. */
  public JwtTemplate claim(String name, String template) {
    return changed(draft -> draft.claims.put(name, Objects.requireNonNull(template)));
  }

  /**
   * Returns a copy with another life.
   *
   * @throws IllegalArgumentException if it is not positive, or more than a day
   */
  public JwtTemplate life(Duration life) {
    if (life.isNegative() || life.isZero() || life.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("A JWT lives for up to a day, but not for " + life);
    }
    return changed(draft -> draft.life = life);
  }

  /** Returns the algorithm. */
  public String algorithm() {
    return algorithm;
  }

  /** Returns the template of the key. */
  public String key() {
    return key;
  }

  /** Returns the template of the key's id; empty for none. */
  public String keyId() {
    return keyId;
  }

  /** Returns the templates of claims, in order. */
  public Map<String, String> claims() {
    return claims;
  }

  /** Returns how long after its signing it expires. */
  public Duration life() {
    return life;
  }

  @Override
  public String toString() {
    return "JWT signed by " + algorithm + " " + claims.keySet();
  }

  private JwtTemplate changed(Consumer<Draft> change) {
    Draft draft = new Draft(algorithm, key);
    draft.keyId = keyId;
    draft.claims.putAll(claims);
    draft.life = life;
    change.accept(draft);
    return new JwtTemplate(draft);
  }

  private static final class Draft {
    final String algorithm;
    final String key;
    String keyId = "";
    final Map<String, String> claims = new LinkedHashMap<>();
    Duration life = Duration.ofMinutes(1);

    Draft(String algorithm, String key) {
      this.algorithm = Objects.requireNonNull(algorithm, "algorithm");
      this.key = Objects.requireNonNull(key, "key");
    }
  }
}
