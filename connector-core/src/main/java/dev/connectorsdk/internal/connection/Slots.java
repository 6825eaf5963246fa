package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;

/** What is stored of a connection's credentials. */
final class Slots {

  private Slots() {}

  /** Returns the version of what a slot holds, or 0 if it was never filled. */
  static long version(ConnectorStore store, ConnectionId connection, String slot) {
    return store.findCredential(connection, slot).map(StoredCredential::version).orElse(0L);
  }
}
