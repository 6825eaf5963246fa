package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.internal.consent.SignInEnd.Wish;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is kept of a sign-in until the browser comes back.
 *
 * @param begunBy who began it, and in which environment
 * @param session the hash of the browser session
 * @param configuration the hash of the connection's configuration
 * @param isFirst whether nobody had signed in for the connection before
 * @param memo what the strategy wants back
 */
record PendingTicket(
    ConnectionId connection,
    Caller begunBy,
    String session,
    URI redirectUri,
    String configuration,
    boolean isFirst,
    Wish wish,
    Map<String, Secret> memo) {

  private static final String MEMO = "memo.";

  Map<String, Secret> values() {
    Map<String, Secret> values = new HashMap<>();
    values.put("connection", Secret.of(connection.value()));
    values.put("principal", Secret.of(begunBy.principal().toString()));
    values.put("environment", Secret.of(begunBy.environment().name()));
    values.put("session", Secret.of(session));
    values.put("redirectUri", Secret.of(redirectUri.toString()));
    values.put("configuration", Secret.of(configuration));
    values.put("first", Secret.of(String.valueOf(isFirst)));
    values.put("scopes", Secret.of(String.join(" ", wish.scopes())));
    URI returnTo = wish.returnTo();
    values.put("returnTo", Secret.of(returnTo == null ? "" : returnTo.toString()));
    values.put("otherAccountAllowed", Secret.of(String.valueOf(wish.otherAccountAllowed())));
    memo.forEach((name, value) -> values.put(MEMO + name, value));
    return values;
  }

  static PendingTicket read(Map<String, Secret> values) {
    return new PendingTicket(
        ConnectionId.of(text(values, "connection")),
        Principal.parse(text(values, "principal")).in(text(values, "environment")),
        text(values, "session"),
        URI.create(text(values, "redirectUri")),
        text(values, "configuration"),
        Boolean.parseBoolean(text(values, "first")),
        wish(values),
        memo(values));
  }

  private static Map<String, Secret> memo(Map<String, Secret> values) {
    Map<String, Secret> memo = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(MEMO)) {
            memo.put(name.substring(MEMO.length()), value);
          }
        });
    return memo;
  }

  private static Wish wish(Map<String, Secret> values) {
    String scopes = text(values, "scopes");
    String returnTo = text(values, "returnTo");
    return new Wish(
        scopes.isEmpty() ? List.of() : List.of(scopes.split(" ")),
        Boolean.parseBoolean(text(values, "otherAccountAllowed")),
        returnTo.isEmpty() ? null : URI.create(returnTo));
  }

  private static String text(Map<String, Secret> values, String name) {
    Secret value = values.get(name);
    return value == null ? "" : value.reveal();
  }
}
