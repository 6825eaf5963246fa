package dev.connectorsdk.jdbc;

/** The store's SQL, the same for every database, with the table prefix filled in. */
final class Statements {

  private static final String CREDENTIAL_COLUMNS =
      "connection_id, slot, version, key_id, ciphertext";

  final String insertConnection;
  final String findConnection;
  final String lockConnection;
  final String listConnections;
  final String updateConnection;
  final String deleteConnection;
  final String insertScopes;
  final String replaceScopes;

  final String insertCredential;
  final String findCredential;
  final String listCredentials;
  final String replaceOlderCredential;
  final String replaceCredentialVersion;
  final String listCredentialsNotUnder;
  final String countCredentialsByKey;

  final String findLease;
  final String insertLease;
  final String takeLease;
  final String lockLease;
  final String renewLease;
  final String releaseLease;
  final String releaseLeaseMarked;

  final String insertBinding;
  final String replaceBinding;
  final String findBinding;
  final String listBindings;
  final String deleteBinding;

  final String insertTicket;
  final String lockTicket;
  final String deleteTicket;
  final String deleteExpiredTickets;

  final String insertKeyCheck;
  final String findKeyCheck;
  final String replaceKeyCheck;

  Statements(String prefix) {
    String connection = prefix + "connection";
    insertConnection =
        "INSERT INTO "
            + connection
            + " (connector, environment, owner, display_name, auth_option, parameters, status,"
            + " status_reason, status_message, status_since, account_id, account_name,"
            + " credential_expires_at, created_at, updated_at, version, id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    updateConnection =
        "UPDATE "
            + connection
            + " SET connector = ?, environment = ?, owner = ?, display_name = ?, auth_option = ?,"
            + " parameters = ?, status = ?, status_reason = ?, status_message = ?,"
            + " status_since = ?, account_id = ?, account_name = ?, credential_expires_at = ?,"
            + " created_at = ?, updated_at = ?, version = ?"
            + " WHERE id = ? AND version = ?";
    String scopes = prefix + "connection_scopes";
    String connections =
        "SELECT c.*, s.granted_scopes FROM "
            + connection
            + " c LEFT JOIN "
            + scopes
            + " s ON s.connection_id = c.id";
    listConnections = connections + " WHERE 1 = 1";
    findConnection = connections + " WHERE c.id = ?";
    insertScopes = "INSERT INTO " + scopes + " (granted_scopes, connection_id) VALUES (?, ?)";
    replaceScopes = "UPDATE " + scopes + " SET granted_scopes = ? WHERE connection_id = ?";
    lockConnection = "SELECT id FROM " + connection + " WHERE id = ? FOR UPDATE";
    deleteConnection = "DELETE FROM " + connection + " WHERE id = ?";

    String credential = prefix + "credential";
    insertCredential =
        "INSERT INTO "
            + credential
            + " (version, key_id, ciphertext, connection_id, slot) VALUES (?, ?, ?, ?, ?)";
    String replaceCredential =
        "UPDATE "
            + credential
            + " SET version = ?, key_id = ?, ciphertext = ? WHERE connection_id = ? AND slot = ?";
    replaceOlderCredential = replaceCredential + " AND version < ?";
    replaceCredentialVersion = replaceCredential + " AND version = ?";
    String credentials = "SELECT " + CREDENTIAL_COLUMNS + " FROM " + credential;
    listCredentials = credentials + " WHERE connection_id = ?";
    findCredential = listCredentials + " AND slot = ?";
    listCredentialsNotUnder =
        credentials + " WHERE key_id <> ? ORDER BY connection_id, slot LIMIT ?";
    countCredentialsByKey =
        "SELECT key_id, COUNT(*) AS credentials FROM " + credential + " GROUP BY key_id";

    String lease = prefix + "lease";
    String fromNow = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '0.001' SECOND";
    String leaseKey = " WHERE connection_id = ? AND slot = ? AND owner = ?";
    findLease =
        "SELECT c.version, l.owner, l.mark, l.expires_at > CURRENT_TIMESTAMP AS running FROM "
            + connection
            + " k LEFT JOIN "
            + lease
            + " l ON l.connection_id = k.id AND l.slot = ? LEFT JOIN "
            + credential
            + " c ON c.connection_id = k.id AND c.slot = ? WHERE k.id = ?";
    insertLease =
        "INSERT INTO "
            + lease
            + " (owner, mark, expires_at, connection_id, slot) VALUES (?, ?, "
            + fromNow
            + ", ?, ?)";
    takeLease =
        "UPDATE "
            + lease
            + " SET owner = ?, mark = ?, expires_at = "
            + fromNow
            + leaseKey
            + " AND expires_at <= CURRENT_TIMESTAMP";
    lockLease = "SELECT owner FROM " + lease + leaseKey + " FOR UPDATE";
    renewLease = "UPDATE " + lease + " SET expires_at = " + fromNow + leaseKey;
    releaseLeaseMarked =
        "UPDATE " + lease + " SET owner = '', expires_at = CURRENT_TIMESTAMP" + leaseKey;
    releaseLease =
        "UPDATE " + lease + " SET owner = '', mark = -1, expires_at = CURRENT_TIMESTAMP" + leaseKey;

    String binding = prefix + "binding";
    String bindingKey = " WHERE environment = ? AND logical_name = ? AND principal = ?";
    insertBinding =
        "INSERT INTO "
            + binding
            + " (connector, connection_id, environment, logical_name, principal)"
            + " VALUES (?, ?, ?, ?, ?)";
    replaceBinding = "UPDATE " + binding + " SET connector = ?, connection_id = ?" + bindingKey;
    findBinding = "SELECT * FROM " + binding + bindingKey;
    listBindings = "SELECT * FROM " + binding + " WHERE environment = ?";
    deleteBinding = "DELETE FROM " + binding + bindingKey;

    String ticket = prefix + "ticket";
    insertTicket = "INSERT INTO " + ticket + " (id, ciphertext, expires_at) VALUES (?, ?, ?)";
    lockTicket = "SELECT * FROM " + ticket + " WHERE id = ? FOR UPDATE";
    deleteTicket = "DELETE FROM " + ticket + " WHERE id = ?";
    deleteExpiredTickets = "DELETE FROM " + ticket + " WHERE expires_at < ?";

    String keyCheck = prefix + "key_check";
    insertKeyCheck = "INSERT INTO " + keyCheck + " (id, check_value) VALUES (1, ?)";
    findKeyCheck = "SELECT check_value FROM " + keyCheck + " WHERE id = 1";
    replaceKeyCheck =
        "UPDATE " + keyCheck + " SET check_value = ? WHERE id = 1 AND check_value = ?";
  }
}
