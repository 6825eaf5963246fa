package dev.connectorsdk.api.auth;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where in an answer the parts of a token are. The standard is RFC 6749 section 5.1. Immutable:
 * each method returns a copy.
 *
 * <p>A place is a JSON pointer such as {@code /data/token}; an empty text is the whole answer, for
 * services whose answer is the token; {@code header:Name} is a header of the answer and {@code
 * cookie:Name} a cookie that it sets. Where several places are given, the first that holds
 * something counts. An answer that is a form counts as an object of texts.
 */
public final class TokenFields {

  /**
   * A member that says whether an answer of status 200 is a success.
   *
   * @param place where it is
   * @param values what it says of a success, such as {@code true} or {@code 0}
   */
  public record Success(String place, Set<String> values) {

    public Success {
      values = Set.copyOf(values);
    }
  }

  private static final TokenFields STANDARD = new TokenFields(new Draft());
  private static final TokenFields NOTHING =
      STANDARD.changed(
          draft -> {
            draft.accessToken = List.of();
            draft.refreshToken = List.of();
            draft.scope = List.of();
            draft.expiry = Expiry.unknown();
          });

  private final List<String> accessToken;
  private final List<String> refreshToken;
  private final List<String> scope;
  private final List<String> error;
  private final Expiry expiry;
  private final @Nullable Success success;
  private final Map<String, List<String>> captures;
  private final Map<String, List<String>> values;
  private final Map<String, List<String>> tokens;

  private TokenFields(Draft draft) {
    accessToken = draft.accessToken;
    refreshToken = draft.refreshToken;
    scope = draft.scope;
    error = draft.error;
    expiry = draft.expiry;
    success = draft.success;
    captures = Collections.unmodifiableMap(new LinkedHashMap<>(draft.captures));
    values = Collections.unmodifiableMap(new LinkedHashMap<>(draft.values));
    tokens = Collections.unmodifiableMap(new LinkedHashMap<>(draft.tokens));
  }

  /** Returns the places of RFC 6749 section 5.1. */
  public static TokenFields standard() {
    return STANDARD;
  }

  /** Returns no places: the answer of a request that gets no token, such as a look-up. */
  public static TokenFields none() {
    return NOTHING;
  }

  /** Returns a copy with another place of the access token. */
  public TokenFields accessToken(String... places) {
    return changed(draft -> draft.accessToken = List.of(places));
  }

  /** Returns a copy with another place of the refresh token. No place: there never is one. */
  public TokenFields refreshToken(String... places) {
    return changed(draft -> draft.refreshToken = List.of(places));
  }

  /** Returns a copy with another place of the granted scopes, a text or an array of texts. */
  public TokenFields scope(String... places) {
    return changed(draft -> draft.scope = List.of(places));
  }

  /** Returns a copy with another place of the error code. */
  public TokenFields error(String... places) {
    return changed(draft -> draft.error = List.of(places));
  }

  /** Returns a copy that reads the expiry of the token in another way. */
  public TokenFields expiry(Expiry expiry) {
    return changed(draft -> draft.expiry = expiry);
  }

  /** Returns a copy for which an answer is a success only if a member has one of these values. */
  public TokenFields successIf(String place, String... values) {
    return changed(draft -> draft.success = new Success(place, Set.of(values)));
  }

  /**
   * Returns a copy that stores a value as the connection parameter of this name, at each renewal
   * again. The auth option declares the parameter, and its value is checked like one that the owner
   * enters. Later requests can use it too.
   */
  public TokenFields capture(String parameter, String... places) {
    return changed(draft -> draft.captures.put(parameter, List.of(places)));
  }

  /** Returns a copy that gives a value to the requests that follow, and stores it nowhere. */
  public TokenFields value(String name, String... places) {
    return changed(draft -> draft.values.put(name, List.of(places)));
  }

  /**
   * Returns a copy that reads a further token, which calls choose by its name; see {@link
   * dev.connectorsdk.api.http.HttpCall#token}.
   */
  public TokenFields token(String name, String... places) {
    return changed(draft -> draft.tokens.put(name, List.of(places)));
  }

  /** Returns the places of the access token. */
  public List<String> accessToken() {
    return accessToken;
  }

  /** Returns the places of the refresh token. */
  public List<String> refreshToken() {
    return refreshToken;
  }

  /** Returns the places of the granted scopes. */
  public List<String> scope() {
    return scope;
  }

  /** Returns the places of the error code. */
  public List<String> error() {
    return error;
  }

  /** Returns how the expiry of the token is read. */
  public Expiry expiry() {
    return expiry;
  }

  /**
   * Returns the member that says whether an answer is a success, or {@code null} for the status.
   */
  public @Nullable Success success() {
    return success;
  }

  /** Returns the places of values that become connection parameters, by parameter. */
  public Map<String, List<String>> captures() {
    return captures;
  }

  /** Returns the places of values for later requests, by name. */
  public Map<String, List<String>> values() {
    return values;
  }

  /** Returns the places of further tokens, by name. */
  public Map<String, List<String>> tokens() {
    return tokens;
  }

  private TokenFields changed(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return new TokenFields(draft);
  }

  private static final class Draft {
    List<String> accessToken = List.of("/access_token");
    List<String> refreshToken = List.of("/refresh_token");
    List<String> scope = List.of("/scope");
    List<String> error = List.of("/error");
    Expiry expiry = Expiry.seconds("/expires_in");
    @Nullable Success success;
    final Map<String, List<String>> captures = new LinkedHashMap<>();
    final Map<String, List<String>> values = new LinkedHashMap<>();
    final Map<String, List<String>> tokens = new LinkedHashMap<>();

    Draft() {}

    Draft(TokenFields from) {
      accessToken = from.accessToken;
      refreshToken = from.refreshToken;
      scope = from.scope;
      error = from.error;
      expiry = from.expiry;
      success = from.success;
      captures.putAll(from.captures);
      values.putAll(from.values);
      tokens.putAll(from.tokens);
    }
  }
}
