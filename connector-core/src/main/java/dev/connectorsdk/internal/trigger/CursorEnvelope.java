package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.internal.connection.OpenConnection;
import java.time.Instant;
import java.util.Objects;
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
 * @param began when a reading began that goes on with it, or {@code null} if none does
 */
record CursorEnvelope(
    String connection,
    @Nullable String account,
    String address,
    JsonNode next,
    @Nullable Instant began) {

  static CursorEnvelope of(OpenConnection connection, JsonNode next, @Nullable Instant began) {
    return new CursorEnvelope(
        connection.id().value(), account(connection), address(connection), next, began);
  }

  /** Reads what {@link #json} wrote. */
  static CursorEnvelope read(JsonNode json) {
    JsonNode account = json.path("account");
    return new CursorEnvelope(
        json.path("connection").asString(),
        account.isString() ? account.asString() : null,
        json.path("address").asString(),
        json.path("next"),
        json.path("began").isString() ? Instant.parse(json.path("began").asString()) : null);
  }

  /** Returns it as it is kept. By hand: as a module, this package is closed to Jackson. */
  JsonNode json(JsonNodeFactory nodes) {
    ObjectNode json = nodes.objectNode();
    json.put("connection", connection);
    json.put("account", account);
    json.put("address", address);
    json.set("next", next);
    if (began != null) {
      json.put("began", began.toString());
    }
    return json;
  }

  /** Returns whether another one leads to the same place of the same service. */
  boolean leadsWhere(CursorEnvelope other) {
    // As text: a number that was read may be of another type than the one that was written.
    return connection.equals(other.connection)
        && Objects.equals(account, other.account)
        && address.equals(other.address)
        && next.toString().equals(other.next.toString());
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
