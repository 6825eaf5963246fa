package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.internal.connection.OpenConnection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a connection leads: another account or another address has other events.
 *
 * @param connection the id of the connection
 * @param account the id of its account, or {@code null} if that is not known
 * @param address of the service
 */
record Home(String connection, @Nullable String account, String address) {

  static Home of(OpenConnection connection) {
    return new Home(connection.id().value(), account(connection), address(connection));
  }

  /** Reads what {@link #write} wrote. */
  static Home read(JsonNode json) {
    return new Home(
        json.path("connection").asString(),
        json.path("account").asString(null),
        json.path("address").asString());
  }

  void write(ObjectNode json) {
    json.put("connection", connection);
    json.put("account", account);
    json.put("address", address);
  }

  private static @Nullable String account(OpenConnection connection) {
    Account account = connection.view().account();
    return account == null ? null : account.id();
  }

  private static String address(OpenConnection connection) {
    return connection.endpoint().baseUri().toString();
  }

  /** Returns whether what the connection leads to has the same events. */
  boolean hasEventsOf(OpenConnection other) {
    return isOfAccount(other) && address.equals(address(other));
  }

  private boolean isOfAccount(OpenConnection other) {
    String before = account;
    String now = account(other);
    boolean isKnown = before != null && now != null;
    return isKnown ? Objects.equals(before, now) : isOf(other);
  }

  /** Returns whether it is the same connection, wherever that leads by now. */
  boolean isOf(OpenConnection other) {
    return connection.equals(other.id().value());
  }
}
