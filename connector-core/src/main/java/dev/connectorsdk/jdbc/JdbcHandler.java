package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.spi.TriggerStore.EventClaim;
import dev.connectorsdk.api.spi.TriggerStore.Retention;
import dev.connectorsdk.internal.trigger.AcceptingHandler;
import dev.connectorsdk.trigger.HandledEvent;
import java.sql.Connection;
import java.sql.SQLException;

/** Accepts an event in the transaction in which it was handled. */
final class JdbcHandler<E> implements AcceptingHandler<E> {

  private final JdbcTriggers triggers;
  private final Transactions transactions;
  private final TransactionalHandler<E> handler;

  JdbcHandler(JdbcTriggers triggers, Transactions transactions, TransactionalHandler<E> handler) {
    this.triggers = triggers;
    this.transactions = transactions;
    this.handler = handler;
  }

  /** Runs both parts in one transaction, and returns whether it was committed. */
  @FunctionalInterface
  interface Transactions {
    boolean run(HostTransactions.Work handling, Acceptance acceptance);
  }

  /** Accepts the event, unless somebody else has it by now. */
  @FunctionalInterface
  interface Acceptance {
    boolean run(Connection connection) throws SQLException;
  }

  /** Returns those that the store makes itself. */
  static Transactions of(Database database) {
    return (handling, acceptance) ->
        database.changeHere(
            "handle",
            db -> {
              handling.run(db);
              return true;
            },
            acceptance::run);
  }

  /** Returns those that the host makes, where only an exception has them rolled back. */
  static Transactions of(HostTransactions host, Database database) {
    return (handling, acceptance) -> {
      try (Durability.Turn turn = database.turn()) {
        host.run(
            connection -> {
              turn.leave(); // A host that runs this again has rolled back what it ran before.
              handling.run(connection);
              turn.enter();
              requireAccepted(connection, acceptance);
            });
        return true;
      } catch (ClaimLost e) {
        return false;
      }
    };
  }

  private static void requireAccepted(Connection connection, Acceptance acceptance) {
    try {
      if (!acceptance.run(connection)) {
        throw new ClaimLost();
      }
    } catch (SQLException e) {
      throw Database.failure("accept", e);
    }
  }

  /** Accepts last of all: until then the claim can be renewed. */
  @Override
  public boolean handle(E payload, HandledEvent event, EventClaim claim, Retention retention)
      throws Exception {
    try {
      return transactions.run(
          connection -> handle(payload, event, connection),
          connection -> triggers.isAccepted(connection, claim, retention));
    } catch (HandlerFailed e) {
      throw e.failure;
    }
  }

  private void handle(E payload, HandledEvent event, Connection connection) {
    try {
      handler.handle(payload, event, connection);
    } catch (Exception e) {
      throw new HandlerFailed(e);
    }
  }

  private static final class ClaimLost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClaimLost() {
      super("Somebody else handles this event by now");
    }
  }

  private static final class HandlerFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Exception failure;

    HandlerFailed(Exception failure) {
      super(failure);
      this.failure = failure;
    }
  }
}
