package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import java.sql.SQLException;

/**
 * Stores an event of which no other has the same order with one statement instead of a transaction
 * of several, as most deliveries are. Safe for several threads.
 *
 * <p>The statement waits for the disk, and PostgreSQL alone can say so in it.
 */
final class LoneEvents {

  private final Database database;
  private final String insert;

  LoneEvents(Database database, String prefix) {
    this.database = database;
    String table = prefix + "event";
    insert =
        "INSERT INTO "
            + table
            + " (subscription_id, event_key, event_id, order_text, head, ready_at, status,"
            + " attempts, error, payload_key, payload, characters, stored_at) SELECT ?, ?, ?, '',"
            + " TRUE, CURRENT_TIMESTAMP, 'STORED', 0, '', ?, ?, ?, CURRENT_TIMESTAMP WHERE (SELECT"
            + " COUNT(*) < ? AND COALESCE(SUM(characters), 0) <= ? FROM "
            + table
            + " WHERE subscription_id = ? AND status = 'STORED') AND "
            + PostgresDurability.DURABLE
            + " ON CONFLICT DO NOTHING";
  }

  /**
   * Stores an event, and returns whether it did. If not it is known, or there is no room, or no
   * such subscription.
   */
  boolean isStored(String subscription, NewEvent event, Load most) {
    String text = event.payload().ciphertext();
    Object[] values = {
      subscription,
      Sha256.of(event.id()),
      event.id(),
      event.payload().keyId(),
      text,
      (long) text.length(),
      most.events(),
      most.characters() - text.length(),
      subscription
    };
    return database.separately(
        "deliver",
        db -> {
          try {
            return Sql.update(db, insert, values) == 1;
          } catch (SQLException e) {
            if (Sql.isMissingParent(e)) {
              return false;
            }
            throw e;
          }
        });
  }
}
