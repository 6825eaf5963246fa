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

  final String insertCredential;
  final String findCredential;
  final String replaceCredential;
  final String replaceCredentialVersion;
  final String listCredentialsNotUnder;
  final String countCredentialsByKey;

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
    listConnections = "SELECT * FROM " + connection + " WHERE 1 = 1";
    findConnection = "SELECT * FROM " + connection + " WHERE id = ?";
    lockConnection = "SELECT id FROM " + connection + " WHERE id = ? FOR UPDATE";
    deleteConnection = "DELETE FROM " + connection + " WHERE id = ?";

    String credential = prefix + "credential";
    insertCredential =
        "INSERT INTO "
            + credential
            + " (version, key_id, ciphertext, connection_id, slot) VALUES (?, ?, ?, ?, ?)";
    replaceCredential =
        "UPDATE "
            + credential
            + " SET version = ?, key_id = ?, ciphertext = ? WHERE connection_id = ? AND slot = ?";
    replaceCredentialVersion = replaceCredential + " AND version = ?";
    findCredential =
        "SELECT "
            + CREDENTIAL_COLUMNS
            + " FROM "
            + credential
            + " WHERE connection_id = ? AND slot = ?";
    listCredentialsNotUnder =
        "SELECT "
            + CREDENTIAL_COLUMNS
            + " FROM "
            + credential
            + " WHERE key_id <> ? ORDER BY connection_id, slot LIMIT ?";
    countCredentialsByKey =
        "SELECT key_id, COUNT(*) AS credentials FROM " + credential + " GROUP BY key_id";

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
