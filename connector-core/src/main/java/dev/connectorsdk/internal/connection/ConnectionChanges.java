package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.event.ConnectorEvent.Change;
import dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.event.EventHub;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells whoever holds connections in memory, and the host's listeners, what this process has
 * changed in the store. Safe for several threads.
 */
final class ConnectionChanges {

  private final EventHub events;
  private final Clock clock;
  private final List<Consumer<ConnectionId>> ofOne = new CopyOnWriteArrayList<>();
  private final List<Consumer<ConnectionId>> ofCredentials = new CopyOnWriteArrayList<>();
  private final List<Consumer<StoredConnection>> ofWhole = new CopyOnWriteArrayList<>();
  private final List<Predicate<StoredConnection>> beforeDeletion = new CopyOnWriteArrayList<>();
  private final List<BiConsumer<StoredConnection, Principal>> beforeHandOver =
      new CopyOnWriteArrayList<>();

  ConnectionChanges(EventHub events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /** Adds who is told that a connection was changed. */
  void onChange(Consumer<ConnectionId> listener) {
    ofOne.add(listener);
  }

  /** Adds who is told that what was made of a connection's credentials fits it no more. */
  void onOutdated(Consumer<ConnectionId> listener) {
    ofCredentials.add(listener);
  }

  /** Adds who is told that its owner has one connection more or less. */
  void onConnectionsChanged(Consumer<StoredConnection> listener) {
    ofWhole.add(listener);
  }

  /**
   * Adds who is told that a connection is about to be deleted, or to lose its credentials, while it
   * can still be used, and says whether it needs the connection no more.
   */
  void beforeDeletion(Predicate<StoredConnection> listener) {
    beforeDeletion.add(listener);
  }

  /** Adds who is told that a connection is about to be given to a new owner. */
  void beforeHandOver(BiConsumer<StoredConnection, Principal> listener) {
    beforeHandOver.add(listener);
  }

  void changed(ConnectionId id) {
    ofOne.forEach(listener -> listener.accept(id));
  }

  void outdated(ConnectionId id) {
    ofCredentials.forEach(listener -> listener.accept(id));
  }

  /**
   * Checks, before a connection is changed, that the change can be recorded.
   *
   * @throws dev.connectorsdk.api.error.StoreException if not
   */
  void requireRoom() {
    events.requireRoom();
  }

  void created(StoredConnection row) {
    ofWhole.forEach(listener -> listener.accept(row));
    publish(row, row.owner(), Change.CREATED, null);
  }

  /**
   * @param keepsSignIn whether what was made of the connection's credentials goes on
   */
  void updated(StoredConnection row, Principal by, boolean keepsSignIn) {
    if (keepsSignIn) {
      changed(row.id());
    } else {
      outdated(row.id());
    }
    publish(row, by, Change.UPDATED, null);
  }

  /** Returns whether nobody needs a connection any more that is about to be deleted. */
  boolean deleting(StoredConnection row) {
    return beforeDeletion.stream().filter(listener -> !listener.test(row)).count() == 0;
  }

  void deleted(StoredConnection row, Principal by) {
    outdated(row.id());
    ofWhole.forEach(listener -> listener.accept(row));
    publish(row, by, Change.DELETED, null);
  }

  /** An administrator has disabled a connection, or enabled it again. */
  void switched(StoredConnection row, Principal by) {
    outdated(row.id());
    publish(row, by, row.access().disabled() == null ? Change.ENABLED : Change.DISABLED, null);
  }

  void handingOver(StoredConnection row, Principal newOwner) {
    beforeHandOver.forEach(listener -> listener.accept(row, newOwner));
  }

  /** An administrator has given a connection to another owner. */
  void handedOver(StoredConnection before, StoredConnection after, Principal by) {
    outdated(after.id());
    ofWhole.forEach(
        listener -> {
          listener.accept(before);
          listener.accept(after);
        });
    publish(after, by, Change.HANDED_OVER, before.owner());
  }

  private void publish(
      StoredConnection row, Principal by, Change change, @Nullable Principal formerOwner) {
    if (!events.isQuiet()) {
      events.publish(
          new ConnectionChanged(
              clock.instant(),
              row.id(),
              row.connector(),
              row.environment(),
              row.owner(),
              by,
              change,
              formerOwner,
              row.settings().gateway()));
    }
  }
}
