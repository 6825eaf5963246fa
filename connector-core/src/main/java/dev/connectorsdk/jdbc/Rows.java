package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionWithCredentials;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns rows into records. */
final class Rows {

  private static final Logger log = LoggerFactory.getLogger(Rows.class);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,40}");

  private Rows() {}

  static StoredConnection connection(ResultSet row) throws SQLException {
    return understood("connection", row, Rows::readConnection);
  }

  /** Returns a connection with the one of its credentials that the row holds, if it has any. */
  static ConnectionWithCredentials connectionWithCredential(ResultSet row) throws SQLException {
    StoredConnection connection = connection(row);
    List<StoredCredential> credentials =
        row.getString("slot") == null
            ? List.of()
            : List.of(credential(row, "id", "credential_version"));
    return new ConnectionWithCredentials(connection, credentials);
  }

  /** Returns a row of a list, which one row that is not understood must not break. */
  static Optional<StoredConnection> listedConnection(ResultSet row) throws SQLException {
    return listed("connection", row, Rows::readConnection);
  }

  static StoredCredential credential(ResultSet row) throws SQLException {
    return credential(row, "connection_id", "version");
  }

  private static StoredCredential credential(ResultSet row, String id, String version)
      throws SQLException {
    return understood("credential", row, columns -> readCredential(columns, id, version));
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
            Sql.instant(row, "credential_expires_at"),
            row.getString("gateway")),
        readAccess(row),
        new Revision(
            row.getLong("version"),
            requiredInstant(row, "created_at"),
            requiredInstant(row, "updated_at")));
  }

  /** A later version may know more statuses; its rows are shown, and not used. */
  private static Access readAccess(ResultSet row) throws SQLException {
    String state = row.getString("status");
    String reason = row.getString("status_reason");
    Instant since = requiredInstant(row, "status_since");
    try {
      String by = row.getString("disabled_by");
      ConnectionStatus shown = readStatus(row, "", by == null ? null : Principal.parse(by));
      return new Access(
          by == null ? shown : readStatus(row, "below_", null),
          readAccount(row),
          scopes(row.getString("granted_scopes")),
          by == null ? null : shown);
    } catch (IllegalArgumentException e) {
      return Access.of(
          ConnectionStatus.notConnected(
              State.ERROR,
              Reason.NOT_UNDERSTOOD,
              "The stored status "
                  + printable(state)
                  + (reason == null ? "" : " (" + printable(reason) + ")")
                  + " is not known to this version of the library",
              since));
    }
  }

  private static ConnectionStatus readStatus(
      ResultSet row, String prefix, @Nullable Principal disabledBy) throws SQLException {
    String reason = row.getString(prefix + "status_reason");
    return new ConnectionStatus(
        State.valueOf(row.getString(prefix + "status")),
        reason == null ? null : Reason.valueOf(reason),
        row.getString(prefix + "status_message"),
        requiredInstant(row, prefix + "status_since"),
        disabledBy);
  }

  private static String printable(String text) {
    return NAME.matcher(text).matches() ? text : "?";
  }

  private static @Nullable Account readAccount(ResultSet row) throws SQLException {
    String id = row.getString("account_id");
    return id == null ? null : new Account(id, row.getString("account_name"));
  }

  private static List<String> scopes(@Nullable String joined) {
    return joined == null || joined.isEmpty() ? List.of() : List.of(joined.split(" "));
  }

  private static StoredCredential readCredential(ResultSet row, String id, String versionColumn)
      throws SQLException {
    long version = row.getLong(versionColumn);
    return new StoredCredential(
        ConnectionId.of(row.getString(id)),
        row.getString("slot"),
        version,
        row.getString("key_id"),
        row.getString("ciphertext"),
        readRenewal(row, version));
  }

  /** What was noted of another version says nothing. */
  private static Renewal readRenewal(ResultSet row, long version) throws SQLException {
    long noted = row.getLong("renewal_version");
    if (row.wasNull() || noted != version) {
      return Renewal.UNKNOWN;
    }
    Instant since = Sql.instant(row, "renewed_at");
    return since == null ? Renewal.NEVER : Renewal.at(since);
  }

  static Instant requiredInstant(ResultSet row, String column) throws SQLException {
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
      throw new StoreException(notUnderstood(kind), false, null);
    }
  }

  /** Reads a row of a list; one that holds what this version does not know is left out. */
  static <T> Optional<T> listed(String kind, ResultSet row, Sql.RowReader<T> reader)
      throws SQLException {
    try {
      return Optional.of(reader.read(row));
    } catch (IllegalArgumentException e) {
      log.warn("Left out of a list: {}", notUnderstood(kind));
      return Optional.empty();
    }
  }

  private static String notUnderstood(String kind) {
    return "A "
        + kind
        + " in the database holds a value that this version does not know. Was it written by a"
        + " later version, or by hand?";
  }
}
