package dev.connectorsdk.spring;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRenewed;
import dev.connectorsdk.api.event.ConnectorListener;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Counts by connector, as {@code connector.renewal}, how often a connection here goes on with a new
 * token, and how often a renewal fails.
 */
final class RenewalMetrics implements ConnectorListener {

  private final MeterRegistry registry;

  RenewalMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void on(ConnectorEvent event) {
    if (event instanceof CredentialRenewed renewed) {
      count(renewed.connector(), "renewed");
    } else if (event instanceof CredentialRefreshFailed failed) {
      count(failed.connector(), "failed");
    }
  }

  private void count(ConnectorId connector, String outcome) {
    registry
        .counter("connector.renewal", "connector", connector.value(), "outcome", outcome)
        .increment();
  }
}
