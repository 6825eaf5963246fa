package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.ConnectorStore.StoredTicket;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns rows into records. */
final class Rows {

  private Rows() {}

  static StoredConnection connection(ResultSet row) throws SQLException {
    return understood("connection", row, Rows::readConnection);
  }

  static StoredCredential credential(ResultSet row) throws SQLException {
    return understood("credential", row, Rows::readCredential);
  }

  static StoredTicket ticket(ResultSet row) throws SQLException {
    return understood("ticket", row, Rows::readTicket);
  }

  /** Returns the text under which a principal, or nobody in particular, is stored. */
  static String principal(@Nullable Principal principal) {
    return principal == null ? "" : principal.toString();
  }

  private static StoredConnection readConnection(ResultSet row) throws SQLException {
    return new StoredConnection(
        new Identity(
            ConnectionId.of(row.getString("id")),
            ConnectorId.of(row.getString("connector")),
            Environment.of(row.getString("environment")),
            Principal.parse(row.getString("owner"))),
        new Settings(
            row.getString("display_name"),
            row.getString("auth_option"),
            row.getString("parameters"),
            Sql.instant(row, "credential_expires_at")),
        new Access(readStatus(row), readAccount(row), scopes(row.getString("granted_scopes"))),
        new Revision(
            row.getLong("version"),
            requiredInstant(row, "created_at"),
            requiredInstant(row, "updated_at")));
  }

  private static ConnectionStatus readStatus(ResultSet row) throws SQLException {
    String reason = row.getString("status_reason");
    return new ConnectionStatus(
        ConnectionStatus.State.valueOf(row.getString("status")),
        reason == null ? null : ConnectionStatus.Reason.valueOf(reason),
        row.getString("status_message"),
        requiredInstant(row, "status_since"));
  }

  private static @Nullable Account readAccount(ResultSet row) throws SQLException {
    String id = row.getString("account_id");
    return id == null ? null : new Account(id, row.getString("account_name"));
  }

  private static List<String> scopes(@Nullable String joined) {
    return joined == null || joined.isEmpty() ? List.of() : List.of(joined.split(" "));
  }

  private static StoredCredential readCredential(ResultSet row) throws SQLException {
    return new StoredCredential(
        ConnectionId.of(row.getString("connection_id")),
        row.getString("slot"),
        row.getLong("version"),
        row.getString("key_id"),
        row.getString("ciphertext"));
  }

  private static StoredTicket readTicket(ResultSet row) throws SQLException {
    return new StoredTicket(
        row.getString("id"), row.getString("ciphertext"), requiredInstant(row, "expires_at"));
  }

  private static Instant requiredInstant(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(Sql.instant(row, column), column);
  }

  /**
   * Reads a row.
   *
   * @param kind what it is, for the message
   * @throws StoreException if it holds what this version does not know
   */
  static <T> T understood(String kind, ResultSet row, Sql.RowReader<T> reader) throws SQLException {
    try {
      return reader.read(row);
    } catch (IllegalArgumentException e) {
      throw new StoreException(
          "A "
              + kind
              + " in the database holds a value that this version does not know. Was it written by"
              + " a later version, or by hand?",
          false,
          null);
    }
  }
}
