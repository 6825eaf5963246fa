package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.fixtures.ConnectorStoreContract;

class InMemoryStoreTest extends ConnectorStoreContract {

  @Override
  protected ConnectorStore emptyStore() {
    return new InMemoryStore();
  }
}
