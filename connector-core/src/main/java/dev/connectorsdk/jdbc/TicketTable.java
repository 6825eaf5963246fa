package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.spi.TicketStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What can be taken once. Safe for several threads. */
final class TicketTable implements TicketStore {

  private final Database database;
  private final String insert;
  private final String lock;
  private final String delete;
  private final String deleteExpired;

  TicketTable(Database database, String prefix) {
    this.database = database;
    String table = prefix + "ticket";
    this.insert = "INSERT INTO " + table + " (id, ciphertext, expires_at) VALUES (?, ?, ?)";
    this.lock = "SELECT id, ciphertext, expires_at FROM " + table + " WHERE id = ? FOR UPDATE";
    this.delete = "DELETE FROM " + table + " WHERE id = ?";
    this.deleteExpired = "DELETE FROM " + table + " WHERE expires_at < ?";
  }

  @Override
  public boolean insertTicket(StoredTicket ticket) {
    return database.change(
        "insertTicket",
        db -> Sql.insertIfAbsent(db, insert, ticket.id(), ticket.ciphertext(), ticket.expiresAt()));
  }

  @Override
  public Optional<StoredTicket> takeTicket(String id) {
    return database.take(
        "takeTicket",
        db -> {
          Optional<StoredTicket> ticket = Sql.find(db, lock, TicketTable::ticket, id);
          return Sql.update(db, delete, id) == 1 ? ticket : Optional.empty();
        });
  }

  @Override
  public void deleteExpiredTickets(Instant now) {
    Instant limit = now.truncatedTo(ChronoUnit.MICROS);
    database.change("deleteExpiredTickets", db -> Sql.update(db, deleteExpired, limit) > 0);
  }

  private static StoredTicket ticket(ResultSet row) throws SQLException {
    return Rows.understood("ticket", row, TicketTable::readTicket);
  }

  private static StoredTicket readTicket(ResultSet row) throws SQLException {
    return new StoredTicket(
        row.getString("id"), row.getString("ciphertext"), Rows.requiredInstant(row, "expires_at"));
  }
}
