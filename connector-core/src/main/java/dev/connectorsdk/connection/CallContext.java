package dev.connectorsdk.connection;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.http.CallBudget;
import dev.connectorsdk.http.Transport;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one call lends to connector code. */
public final class CallContext implements ActionContext {

  private final OpenConnection connection;
  private final Transport transport;
  private final CallBudget budget;
  private @Nullable ConnectorHttp http;

  /** Returns the context of one call. */
  public CallContext(OpenConnection connection, Transport transport, CallBudget budget) {
    this.connection = connection;
    this.transport = transport;
    this.budget = budget;
  }

  @Override
  public Connection connection() {
    return connection.view();
  }

  @Override
  public ConnectorHttp http() {
    ConnectorHttp bound = http;
    if (bound == null) {
      bound = transport.open(connection.endpoint(), budget);
      http = bound;
    }
    return bound;
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(budget.idempotencyKey());
  }
}
