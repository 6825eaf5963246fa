package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.StagedContext;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.invocation.CallOptions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one call lends to connector code. */
public final class CallContext implements StagedContext {

  private final OpenConnection connection;
  private final Transport transport;
  private final CallBudget budget;
  private final CallOptions options;
  private @Nullable ConnectorHttp http;

  /** Returns the context of one call. */
  public CallContext(OpenConnection connection, Transport transport, CallBudget budget) {
    this(connection, transport, budget, CallOptions.standard());
  }

  /** Returns the context of one call that asks for more. */
  public CallContext(
      OpenConnection connection, Transport transport, CallBudget budget, CallOptions options) {
    this.connection = connection;
    this.transport = transport;
    this.budget = budget;
    this.options = options;
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
  public ConnectorHttp http(Stage stage) {
    return transport.open(connection.endpoint(), budget, stage);
  }

  @Override
  public @Nullable String parameter(String name) {
    return connection.parameter(name);
  }

  @Override
  public int items() {
    return options.items();
  }

  @Override
  public boolean waits() {
    return options.isWaiting();
  }

  @Override
  public void credentialsRejected() {
    connection.credentialsRejected();
  }

  @Override
  public boolean hasTarget() {
    return options.target() != null;
  }

  @Override
  public FileTarget target() {
    FileTarget target = options.target();
    return target == null ? StagedContext.super.target() : target;
  }

  @Override
  public boolean pause(HttpResponse answer, Duration otherwise) {
    return transport.pause(
        answer, otherwise, budget, "A call on connection '" + connection.id() + "'");
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(budget.idempotencyKey());
  }
}
