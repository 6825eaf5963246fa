package dev.connectorsdk.store;

import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.fixtures.TriggerStoreContract;

class InMemoryTriggersTest extends TriggerStoreContract {

  @Override
  protected TriggerStore emptyStore() {
    return new InMemoryStore().triggers();
  }
}
