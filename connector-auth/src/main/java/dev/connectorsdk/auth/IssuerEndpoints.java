package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where an issuer had its endpoints when somebody last confirmed them, by a sign-in in most cases.
 * Whoever can change the metadata later could have codes, tokens and secrets sent elsewhere, so
 * nothing is sent to one that has moved until that is confirmed. One that was not there before has
 * not moved.
 *
 * @param urls by the names that they have in the metadata, in alphabetical order
 */
record IssuerEndpoints(Map<String, String> urls) {

  /** Nothing is known of them. */
  static final IssuerEndpoints UNKNOWN = new IssuerEndpoints(Map.of());

  private static final String PREFIX = "issuer.";

  IssuerEndpoints {
    urls = Collections.unmodifiableMap(new TreeMap<>(urls));
  }

  /** Returns where they were at the last sign-in of a connection. */
  static IssuerEndpoints atLastSignIn(AuthContext context) {
    try {
      return fromValues(context.vault().read().values());
    } catch (SecretUnreadableException e) {
      // Whoever signs in now begins anew.
      return UNKNOWN;
    }
  }

  /** Returns what {@link #toValues} wrote, among other values. */
  static IssuerEndpoints fromValues(Map<String, Secret> values) {
    Map<String, String> urls = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> value : values.entrySet()) {
      if (value.getKey().startsWith(PREFIX)) {
        urls.put(value.getKey().substring(PREFIX.length()), value.getValue().reveal());
      }
    }
    return new IssuerEndpoints(urls);
  }

  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> url : urls.entrySet()) {
      values.put(PREFIX + url.getKey(), Secret.of(url.getValue()));
    }
    return values;
  }

  /** Returns these, and of others those that are not known here. */
  IssuerEndpoints and(IssuerEndpoints others) {
    Map<String, String> all = new LinkedHashMap<>(others.urls);
    all.putAll(urls);
    return new IssuerEndpoints(all);
  }

  /**
   * Checks that none of them is elsewhere now.
   *
   * @throws StepFailure of kind {@code MOVED} naming each that is
   */
  void requireStill(Map<String, String> now) {
    List<String> moved = new ArrayList<>();
    urls.forEach(
        (name, before) -> {
          String present = now.getOrDefault(name, before);
          if (!present.equals(before)) {
            moved.add(name + " from " + before + " to " + present);
          }
        });
    if (!moved.isEmpty()) {
      throw new StepFailure(
          Kind.MOVED,
          "its issuer has changed "
              + String.join(", and ", moved)
              + ", which somebody has to confirm by signing in with"
              + " ConsentOptions.acceptingNewEndpoints or, where nobody signs in, by updating the"
              + " connection");
    }
  }
}
