package dev.connectorsdk.internal.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a sign-in until the browser comes back.
 *
 * @param session the hash of the browser session
 * @param configuration the hash of the connection's configuration
 * @param scopes what was asked for
 * @param returnTo where the user wants to be afterwards
 * @param memo what the strategy wants back
 */
record PendingTicket(
    ConnectionId connection,
    String principal,
    String environment,
    String session,
    URI redirectUri,
    String configuration,
    List<String> scopes,
    @Nullable URI returnTo,
    boolean otherAccountAllowed,
    Map<String, Secret> memo) {

  private static final String MEMO = "memo.";

  boolean isOf(Caller caller) {
    return principal.equals(caller.principal().toString())
        && environment.equals(caller.environment().name());
  }

  Principal begunBy() {
    return Principal.parse(principal);
  }

  Map<String, Secret> values() {
    Map<String, Secret> values = new HashMap<>();
    values.put("connection", Secret.of(connection.value()));
    values.put("principal", Secret.of(principal));
    values.put("environment", Secret.of(environment));
    values.put("session", Secret.of(session));
    values.put("redirectUri", Secret.of(redirectUri.toString()));
    values.put("configuration", Secret.of(configuration));
    values.put("scopes", Secret.of(String.join(" ", scopes)));
    values.put("returnTo", Secret.of(returnTo == null ? "" : returnTo.toString()));
    values.put("otherAccountAllowed", Secret.of(String.valueOf(otherAccountAllowed)));
    memo.forEach((name, value) -> values.put(MEMO + name, value));
    return values;
  }

  static PendingTicket read(Map<String, Secret> values) {
    Map<String, Secret> memo = new HashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(MEMO)) {
            memo.put(name.substring(MEMO.length()), value);
          }
        });
    String scopes = text(values, "scopes");
    String returnTo = text(values, "returnTo");
    return new PendingTicket(
        ConnectionId.of(text(values, "connection")),
        text(values, "principal"),
        text(values, "environment"),
        text(values, "session"),
        URI.create(text(values, "redirectUri")),
        text(values, "configuration"),
        scopes.isEmpty() ? List.of() : List.of(scopes.split(" ")),
        returnTo.isEmpty() ? null : URI.create(returnTo),
        Boolean.parseBoolean(text(values, "otherAccountAllowed")),
        memo);
  }

  private static String text(Map<String, Secret> values, String name) {
    Secret value = values.get(name);
    return value == null ? "" : value.reveal();
  }
}
