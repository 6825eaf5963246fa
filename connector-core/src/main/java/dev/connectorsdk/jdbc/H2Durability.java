package dev.connectorsdk.jdbc;

import dev.connectorsdk.api.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what was committed to H2's file, which H2 itself does up to half a second later.
 *
 * <p>Only administrators may ask for that. Where the user is none, the database itself must not
 * delay writes, and is asked about it each time: whoever connects with another URL changes it.
 */
final class H2Durability implements Durability {

  private static final int ADMIN_RIGHTS_REQUIRED = 90040;
  private static final int WRITER_IDLE_SECONDS = 1;
  private static final String CHECKPOINT = "CHECKPOINT SYNC";

  /** A database in memory, which has nothing to write, says 0. */
  private static final String WRITE_DELAY_0 =
      "SELECT 1 FROM INFORMATION_SCHEMA.SETTINGS"
          + " WHERE SETTING_NAME = 'WRITE_DELAY' AND SETTING_VALUE = '0'";

  private final boolean isAdmin;
  private final Lock turn = new ReentrantLock(true);

  /** Without interrupts: H2 closes the database if a thread is interrupted that writes its file. */
  private final Executor writer =
      new ThreadPoolExecutor(
          0,
          1,
          WRITER_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          H2Durability::newWriter);

  private H2Durability(boolean isAdmin) {
    this.isAdmin = isAdmin;
  }

  static Durability of(Database database) {
    return database.read(
        "Writing to the disk",
        db -> {
          Durability durability = new H2Durability(mayCheckpoint(db));
          durability.begin(db);
          return durability;
        });
  }

  private static boolean mayCheckpoint(Connection db) throws SQLException {
    try {
      Sql.update(db, CHECKPOINT);
      return true;
    } catch (SQLException e) {
      if (e.getErrorCode() == ADMIN_RIGHTS_REQUIRED) {
        return false;
      }
      throw e;
    }
  }

  private static Thread newWriter(Runnable writing) {
    Thread thread = new Thread(writing, "connector-store-write");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Turn turn() {
    return new Turn() {
      private boolean isEntered;

      @Override
      public void enter() {
        if (!isEntered) {
          turn.lock();
          isEntered = true;
        }
      }

      @Override
      public void leave() {
        if (isEntered) {
          isEntered = false;
          turn.unlock();
        }
      }
    };
  }

  @Override
  public void begin(Connection db) throws SQLException {
    if (!isAdmin && Sql.find(db, WRITE_DELAY_0, row -> true).isEmpty()) {
      throw new StoreException(
          "This H2 database writes to its file up to half a second late, so that a renewed"
              + " credential is lost if the process ends before. Have an administrator of the"
              + " database execute SET WRITE_DELAY 0, or let the store's user be one.",
          false,
          null);
    }
  }

  @Override
  public void commit(Connection db) throws SQLException {
    Optional<SQLException> failure =
        CompletableFuture.supplyAsync(() -> written(db), writer).join();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private Optional<SQLException> written(Connection db) {
    try {
      db.commit();
      if (isAdmin) {
        Sql.update(db, CHECKPOINT);
      }
      return Optional.empty();
    } catch (SQLException e) {
      return Optional.of(e);
    }
  }
}
