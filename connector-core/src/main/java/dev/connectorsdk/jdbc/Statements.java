package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.ConnectionStatus;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The store's SQL, the same for every database, with the table prefix filled in.
 *
 * <p>Columns are always named, and qualified where two tables meet: a later version may add columns
 * while this one runs, and a prepared {@code SELECT *} fails from then on.
 */
final class Statements {

  final Connections connections;
  final Credentials credentials;
  final Leases leases;
  final KeyChecks keyChecks;

  Statements(String prefix) {
    connections = new Connections(prefix);
    credentials = new Credentials(prefix);
    leases = new Leases(prefix);
    keyChecks = new KeyChecks(prefix);
  }

  /** The connections, their scopes, which of them are disabled, and which lead through gateways. */
  static final class Connections {
    private static final String COLUMNS =
        "c.id, c.connector, c.environment, c.owner, c.display_name, c.auth_option, c.parameters,"
            + " c.status, c.status_reason, c.status_message, c.status_since, c.account_id,"
            + " c.account_name, c.credential_expires_at, c.created_at, c.updated_at, c.version,"
            + " s.granted_scopes, d.disabled_by, d.status AS below_status,"
            + " d.status_reason AS below_status_reason, d.status_message AS below_status_message,"
            + " d.status_since AS below_status_since, g.gateway";

    private static final String CREDENTIAL =
        "k.slot, k.version AS credential_version, k.key_id, k.ciphertext, k.renewal_version,"
            + " k.renewed_at";

    private static final String DELETED = " = '" + ConnectionStatus.Reason.DELETED + "'";

    /** What a later version wrote and this one cannot express is not overwritten. */
    private static final String UNDERSTOOD =
        " AND status IN ("
            + names(ConnectionStatus.State.values())
            + ") AND (status_reason IS NULL OR status_reason IN ("
            + names(ConnectionStatus.Reason.values())
            + "))";

    final String insert;
    final String find;
    final String findWithCredentials;
    final String lock;
    final String list;
    final String listDeleted;
    final String listExpiring;
    final String listUntested;
    final String update;
    final String delete;
    final String insertScopes;
    final String replaceScopes;
    final String insertDisabled;
    final String replaceDisabled;
    final String deleteDisabled;
    final String insertGateway;
    final String replaceGateway;
    final String deleteGateway;

    private Connections(String prefix) {
      String connection = prefix + "connection";
      insert =
          "INSERT INTO "
              + connection
              + " (connector, environment, owner, display_name, auth_option, parameters, status,"
              + " status_reason, status_message, status_since, account_id, account_name,"
              + " credential_expires_at, created_at, updated_at, version, id)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
      update =
          "UPDATE "
              + connection
              + " SET connector = ?, environment = ?, owner = ?, display_name = ?, auth_option = ?,"
              + " parameters = ?, status = ?, status_reason = ?, status_message = ?,"
              + " status_since = ?, account_id = ?, account_name = ?, credential_expires_at = ?,"
              + " created_at = ?, updated_at = ?, version = ?"
              + " WHERE id = ? AND version = ? AND "
              + present("status_reason")
              + UNDERSTOOD;
      String scopes = prefix + "connection_scopes";
      String disabled = prefix + "connection_disabled";
      String gateway = prefix + "connection_gateway";
      String from =
          " FROM "
              + connection
              + " c LEFT JOIN "
              + scopes
              + " s ON s.connection_id = c.id LEFT JOIN "
              + disabled
              + " d ON d.connection_id = c.id LEFT JOIN "
              + gateway
              + " g ON g.connection_id = c.id";
      String connections = "SELECT " + COLUMNS + from;
      String isPresent = " WHERE " + present("c.status_reason");
      list = connections + isPresent;
      find = list + " AND c.id = ?";
      findWithCredentials =
          "SELECT "
              + COLUMNS
              + ", "
              + CREDENTIAL
              + from
              + " LEFT JOIN "
              + prefix
              + "credential k ON k.connection_id = c.id"
              + isPresent
              + " AND c.id = ?";
      listUntested =
          connections
              + " WHERE c.status_reason = 'NOT_TESTED' AND g.gateway = ? AND c.id > ?"
              + " ORDER BY c.id LIMIT ?";
      listDeleted = connections + " WHERE c.status_reason" + DELETED;
      listExpiring =
          "SELECT c.id AS id, c.credential_expires_at AS at FROM "
              + connection
              + " c WHERE "
              + present("c.status_reason")
              + " AND c.credential_expires_at > ? AND c.credential_expires_at < ?";
      insertScopes = "INSERT INTO " + scopes + " (granted_scopes, connection_id) VALUES (?, ?)";
      replaceScopes = "UPDATE " + scopes + " SET granted_scopes = ? WHERE connection_id = ?";
      insertDisabled =
          "INSERT INTO "
              + disabled
              + " (disabled_by, status, status_reason, status_message, status_since, connection_id)"
              + " VALUES (?, ?, ?, ?, ?, ?)";
      replaceDisabled =
          "UPDATE "
              + disabled
              + " SET disabled_by = ?, status = ?, status_reason = ?, status_message = ?,"
              + " status_since = ? WHERE connection_id = ?";
      insertGateway = "INSERT INTO " + gateway + " (gateway, connection_id) VALUES (?, ?)";
      replaceGateway = "UPDATE " + gateway + " SET gateway = ? WHERE connection_id = ?";
      deleteGateway = "DELETE FROM " + gateway + " WHERE connection_id = ?";
      deleteDisabled = "DELETE FROM " + disabled + " WHERE connection_id = ?";
      lock = "SELECT id FROM " + connection + " WHERE id = ? FOR UPDATE";
      delete = "DELETE FROM " + connection + " WHERE id = ?";
    }

    private static String present(String reason) {
      return "(" + reason + " IS NULL OR NOT " + reason + DELETED + ")";
    }

    private static String names(Enum<?>[] known) {
      return Arrays.stream(known)
          .map(each -> "'" + each.name() + "'")
          .collect(Collectors.joining(", "));
    }
  }

  /** The encrypted credentials of connections. */
  static final class Credentials {
    private static final String COLUMNS =
        "connection_id, slot, version, key_id, ciphertext, renewal_version, renewed_at";

    final String insert;
    final String find;
    final String list;
    final String replaceOlder;
    final String replaceVersion;
    final String noteRenewal;
    final String listUnrenewed;
    final String listNotUnder;
    final String countByKey;

    private Credentials(String prefix) {
      String credential = prefix + "credential";
      insert =
          "INSERT INTO "
              + credential
              + " (version, key_id, ciphertext, renewal_version, renewed_at, connection_id, slot)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?)";
      String replaceCredential =
          "UPDATE "
              + credential
              + " SET version = ?, key_id = ?, ciphertext = ?, renewal_version = ?, renewed_at = ?"
              + " WHERE connection_id = ? AND slot = ?";
      replaceOlder = replaceCredential + " AND version < ?";
      replaceVersion = replaceCredential + " AND version = ?";
      String credentials = "SELECT " + COLUMNS + " FROM " + credential;
      list = credentials + " WHERE connection_id = ?";
      find = list + " AND slot = ?";
      noteRenewal =
          "UPDATE "
              + credential
              + " SET renewal_version = ?, renewed_at = ?"
              + " WHERE connection_id = ? AND slot = ? AND version = ?";
      listUnrenewed =
          "SELECT k.connection_id AS id, k.unrenewed_since AS at FROM "
              + credential
              + " k JOIN "
              + prefix
              + "connection c ON c.id = k.connection_id"
              + " WHERE c.status = 'CONNECTED' AND k.slot = ? AND k.unrenewed_since < ?";
      listNotUnder = credentials + " WHERE key_id <> ? ORDER BY connection_id, slot LIMIT ?";
      countByKey = "SELECT key_id, COUNT(*) AS credentials FROM " + credential + " GROUP BY key_id";
    }
  }

  /** Who may renew a credential. */
  static final class Leases {
    final String find;
    final String insert;
    final String take;
    final String lock;
    final String renew;
    final String release;
    final String releaseMarked;

    private Leases(String prefix) {
      String connection = prefix + "connection";
      String credential = prefix + "credential";
      String lease = prefix + "lease";
      String fromNow = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";
      String leaseKey = " WHERE connection_id = ? AND slot = ? AND owner = ?";
      find =
          "SELECT c.version, l.owner, l.mark, l.expires_at > CURRENT_TIMESTAMP AS running FROM "
              + connection
              + " k LEFT JOIN "
              + lease
              + " l ON l.connection_id = k.id AND l.slot = ? LEFT JOIN "
              + credential
              + " c ON c.connection_id = k.id AND c.slot = ? WHERE k.id = ?";
      insert =
          "INSERT INTO "
              + lease
              + " (owner, mark, expires_at, connection_id, slot) VALUES (?, ?, "
              + fromNow
              + ", ?, ?)";
      take =
          "UPDATE "
              + lease
              + " SET owner = ?, mark = ?, expires_at = "
              + fromNow
              + leaseKey
              + " AND expires_at <= CURRENT_TIMESTAMP";
      lock = "SELECT owner FROM " + lease + leaseKey + " FOR UPDATE";
      renew = "UPDATE " + lease + " SET expires_at = " + fromNow + leaseKey;
      releaseMarked =
          "UPDATE " + lease + " SET owner = '', expires_at = CURRENT_TIMESTAMP" + leaseKey;
      release =
          "UPDATE "
              + lease
              + " SET owner = '', mark = -1, expires_at = CURRENT_TIMESTAMP"
              + leaseKey;
    }
  }

  /** By what the encryption keys are recognised. */
  static final class KeyChecks {
    final String insert;
    final String find;
    final String replace;

    private KeyChecks(String prefix) {
      String keyCheck = prefix + "key_check";
      insert = "INSERT INTO " + keyCheck + " (id, check_value) VALUES (1, ?)";
      find = "SELECT check_value FROM " + keyCheck + " WHERE id = 1";
      replace = "UPDATE " + keyCheck + " SET check_value = ? WHERE id = 1 AND check_value = ?";
    }
  }
}
