package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * One or more keys that travel in a header, the query or a cookie.
 *
 * <pre>{@code
 * ApiKeyScheme.header("X-Api-Key")                        // parameter api_key, sent as it is
 * ApiKeyScheme.header("Authorization").prefixed("Token ")
 * ApiKeyScheme.header("X-Key").and(Placement.HEADER, "X-App", "app_key")
 * }</pre>
 *
 * @param keys at least one
 */
public record ApiKeyScheme(List<Key> keys) implements AuthScheme {

  /** Where a key travels. */
  public enum Placement {
    /** In a request header. */
    HEADER,
    /** In the query of the URL. */
    QUERY,
    /** In the Cookie header. */
    COOKIE
  }

  /**
   * One key.
   *
   * @param placement where it travels
   * @param name the name of the header, query parameter or cookie
   * @param prefix what stands before the value, such as {@code "Token "}; empty for nothing
   * @param parameter the secret connection parameter that holds the key
   */
  public record Key(Placement placement, String name, String prefix, String parameter) {

    public Key {
      Objects.requireNonNull(placement, "placement");
      Objects.requireNonNull(prefix, "prefix");
      if (name.isBlank() || parameter.isBlank()) {
        throw new IllegalArgumentException("A key needs a name and a parameter");
      }
    }
  }

  public ApiKeyScheme {
    keys = List.copyOf(keys);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("An API key scheme needs at least one key");
    }
  }

  /** Returns a key in a header, from the parameter {@code api_key}. */
  public static ApiKeyScheme header(String name) {
    return of(Placement.HEADER, name, "api_key");
  }

  /** Returns a key in the query, from the parameter {@code api_key}. */
  public static ApiKeyScheme query(String name) {
    return of(Placement.QUERY, name, "api_key");
  }

  /** Returns a key in a cookie, from the parameter {@code api_key}. */
  public static ApiKeyScheme cookie(String name) {
    return of(Placement.COOKIE, name, "api_key");
  }

  /** Returns one key from a parameter of any name. */
  public static ApiKeyScheme of(Placement placement, String name, String parameter) {
    return new ApiKeyScheme(List.of(new Key(placement, name, "", parameter)));
  }

  /** Returns a copy whose last key is sent after {@code prefix}. */
  public ApiKeyScheme prefixed(String prefix) {
    List<Key> all = new ArrayList<>(keys);
    Key last = all.remove(all.size() - 1);
    all.add(new Key(last.placement(), last.name(), prefix, last.parameter()));
    return new ApiKeyScheme(all);
  }

  /** Returns a copy with a further key. */
  public ApiKeyScheme and(Placement placement, String name, String parameter) {
    List<Key> all = new ArrayList<>(keys);
    all.add(new Key(placement, name, "", parameter));
    return new ApiKeyScheme(all);
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return keys.stream()
        .map(Key::parameter)
        .distinct()
        .map(name -> ConnectionParameter.secret(name).titled(title(name)))
        .toList();
  }

  private static String title(String parameter) {
    return parameter.equals("api_key") ? "API key" : parameter;
  }
}
