package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.internal.connection.OpenConnection;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cursor with what it belongs to: another account or another address has other events.
 *
 * @param connection the id of the connection
 * @param account the id of its account, or {@code null} if that is not known
 * @param address of the service
 * @param next the trigger's own cursor
 */
record CursorEnvelope(String connection, @Nullable String account, String address, JsonNode next) {

  static CursorEnvelope of(OpenConnection connection, JsonNode next) {
    return new CursorEnvelope(
        connection.id().value(), account(connection), address(connection), next);
  }

  /** Reads what {@link #json} wrote. */
  static CursorEnvelope read(JsonNode json) {
    JsonNode account = json.path("account");
    return new CursorEnvelope(
        json.path("connection").asString(),
        account.isString() ? account.asString() : null,
        json.path("address").asString(),
        json.path("next"));
  }

  /** Returns it as it is kept. By hand: as a module, this package is closed to Jackson. */
  JsonNode json(JsonNodeFactory nodes) {
    ObjectNode json = nodes.objectNode();
    json.put("connection", connection);
    json.put("account", account);
    json.put("address", address);
    json.set("next", next);
    return json;
  }

  private static @Nullable String account(OpenConnection connection) {
    Account account = connection.view().account();
    return account == null ? null : account.id();
  }

  private static String address(OpenConnection connection) {
    return connection.endpoint().baseUri().toString();
  }

  /** Returns whether what the connection leads to has the events that the cursor counts. */
  boolean isOf(OpenConnection other) {
    return isOfAccount(other) && address.equals(address(other));
  }

  private boolean isOfAccount(OpenConnection other) {
    String before = account;
    String now = account(other);
    if (before == null || now == null) {
      return connection.equals(other.id().value());
    }
    return before.equals(now);
  }
}
