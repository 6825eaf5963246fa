package dev.connectorsdk.api.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How to find out when a token expires: ways that are tried in order, until one gives an answer. A
 * token of unknown expiry is used until the service refuses it.
 *
 * @param ways in order; none means unknown
 */
public record Expiry(List<Way> ways) {

  /** What is found at a place, or what counts instead. */
  public enum Kind {
    /** A number of seconds from now, as number or text. */
    SECONDS,
    /** A number of milliseconds from now, as number or text. */
    MILLISECONDS,
    /** A length such as {@code PT1H}, {@code 1h30m} or {@code 01:30:00}. */
    DURATION,
    /** An ISO 8601 instant or date, or seconds or milliseconds since 1970. */
    INSTANT,
    /** The claim {@code exp} of the access token, which is a JWT; its signature is not checked. */
    JWT,
    /** A fixed time after it was got. */
    FIXED
  }

  /**
   * One way.
   *
   * @param kind what is found
   * @param place where it is, as in {@link TokenFields}; empty for {@code JWT} and {@code FIXED}
   * @param after the life of the token for {@code FIXED}; zero otherwise
   */
  public record Way(Kind kind, String place, Duration after) {}

  public Expiry {
    ways = List.copyOf(ways);
  }

  /** Returns a number of seconds, as in RFC 6749. */
  public static Expiry seconds(String place) {
    return at(Kind.SECONDS, place);
  }

  /** Returns a number of milliseconds. */
  public static Expiry milliseconds(String place) {
    return at(Kind.MILLISECONDS, place);
  }

  /** Returns a length of time written as text. */
  public static Expiry duration(String place) {
    return at(Kind.DURATION, place);
  }

  /** Returns a moment. */
  public static Expiry instant(String place) {
    return at(Kind.INSTANT, place);
  }

  /** Returns the claim {@code exp} of an access token that is a JWT. */
  public static Expiry jwt() {
    return at(Kind.JWT, "");
  }

  /**
   * Returns a life that the service documents and does not say in its answers.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public static Expiry fixed(Duration life) {
    if (life.isNegative() || life.isZero()) {
      throw new IllegalArgumentException("The life of a token must be positive, but was " + life);
    }
    return new Expiry(List.of(new Way(Kind.FIXED, "", life)));
  }

  /** Returns a token that is used until the service refuses it. */
  public static Expiry unknown() {
    return new Expiry(List.of());
  }

  /** Returns ways of which those of {@code other} count where these give no answer. */
  public Expiry orElse(Expiry other) {
    List<Way> all = new ArrayList<>(ways);
    all.addAll(other.ways);
    return new Expiry(all);
  }

  private static Expiry at(Kind kind, String place) {
    return new Expiry(List.of(new Way(kind, place, Duration.ZERO)));
  }
}
