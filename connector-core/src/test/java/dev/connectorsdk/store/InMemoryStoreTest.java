package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.ConnectorStore;

class InMemoryStoreTest extends ConnectorStoreContract {

  @Override
  protected ConnectorStore emptyStore() {
    return new InMemoryStore();
  }
}
