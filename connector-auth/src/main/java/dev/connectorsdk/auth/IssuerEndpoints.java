package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an issuer had its endpoints when somebody signed in. Whoever can change the metadata later
 * could have codes and refresh tokens sent elsewhere, so a change has to be confirmed.
 *
 * @param authorization {@code null} if it had none
 * @param token {@code null} if it had none
 */
record IssuerEndpoints(@Nullable String authorization, @Nullable String token) {

  private static final String AUTHORIZATION = "issuer.authorization_endpoint";
  private static final String TOKEN = "issuer.token_endpoint";

  /**
   * Returns where they are now.
   *
   * @param signIn whether users are sent to one of them
   */
  static IssuerEndpoints of(Metadata metadata, boolean signIn) {
    return new IssuerEndpoints(
        signIn ? known(metadata, "authorization_endpoint") : null,
        known(metadata, "token_endpoint"));
  }

  private static @Nullable String known(Metadata metadata, String name) {
    return metadata.has(name) ? metadata.endpoint(name) : null;
  }

  /** Returns what {@link #toValues} wrote, or {@code null} if there is nothing. */
  static @Nullable IssuerEndpoints fromValues(Map<String, Secret> values) {
    Secret authorization = values.get(AUTHORIZATION);
    Secret token = values.get(TOKEN);
    return authorization == null && token == null
        ? null
        : new IssuerEndpoints(
            authorization == null ? null : authorization.reveal(),
            token == null ? null : token.reveal());
  }

  Map<String, Secret> toValues() {
    Map<String, Secret> values = new LinkedHashMap<>();
    if (authorization != null) {
      values.put(AUTHORIZATION, Secret.of(authorization));
    }
    if (token != null) {
      values.put(TOKEN, Secret.of(token));
    }
    return values;
  }

  /** Returns what is elsewhere now, as the end of a sentence; empty if nothing is. */
  String changesTo(IssuerEndpoints now) {
    List<String> changes = new ArrayList<>();
    addChange(changes, "authorization_endpoint", authorization, now.authorization);
    addChange(changes, "token_endpoint", token, now.token);
    return String.join(", and ", changes);
  }

  private static void addChange(
      List<String> changes, String name, @Nullable String before, @Nullable String now) {
    if (before != null && !before.equals(now)) {
      changes.add(name + " from " + before + " to " + (now == null ? "none" : now));
    }
  }
}
