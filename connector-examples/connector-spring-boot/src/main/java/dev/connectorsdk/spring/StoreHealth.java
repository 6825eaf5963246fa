package dev.connectorsdk.spring;

import dev.connectorsdk.api.spi.ConnectorStore;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Is down while the runtime's own store cannot be read. A service that does not answer, or a
 * connection that needs its user, is no reason to take an application out of service.
 */
final class StoreHealth extends AbstractHealthIndicator {

  private final ConnectorStore store;

  StoreHealth(ConnectorStore store) {
    super("The store of connectors cannot be read");
    this.store = store;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    store.findKeyCheck();
    builder.up();
  }
}
