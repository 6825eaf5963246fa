package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.Transport;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one call lends to connector code. */
public final class CallContext implements ActionContext {

  private final OpenConnection connection;
  private final Transport transport;
  private final CallBudget budget;
  private final int items;
  private final boolean waiting;
  private @Nullable ConnectorHttp http;

  /** Returns the context of one call. */
  public CallContext(OpenConnection connection, Transport transport, CallBudget budget) {
    this(connection, transport, budget, 0, true);
  }

  /**
   * Returns the context of one call that asks for more.
   *
   * @param items how many to collect over pages, or 0 if the caller does not say
   * @param waiting whether to wait for work that is only accepted
   */
  public CallContext(
      OpenConnection connection,
      Transport transport,
      CallBudget budget,
      int items,
      boolean waiting) {
    this.connection = connection;
    this.transport = transport;
    this.budget = budget;
    this.items = items;
    this.waiting = waiting;
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

  /**
   * Returns the way to the service through a stage, which sees credentials and must not show them
   * to anybody.
   */
  public ConnectorHttp http(Stage stage) {
    return transport.open(connection.endpoint(), budget, stage);
  }

  /**
   * Returns a parameter of the connection as text, secrets included, to be put into requests.
   *
   * @param name without regard to case
   * @return {@code null} if there is none
   */
  public @Nullable String parameter(String name) {
    return connection.parameter(name);
  }

  /** Returns how many items the caller wants over pages, or 0. */
  public int items() {
    return items;
  }

  /** Returns whether the caller waits for work that is only accepted. */
  public boolean waits() {
    return waiting;
  }

  /** Says that the service has refused the connection's credentials for good. */
  public void credentialsRejected() {
    connection.credentialsRejected();
  }

  /**
   * Waits for as long as an answer asks in {@code Retry-After}, else {@code otherwise}.
   *
   * @return {@code false}, at once, if the call's time ends before
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread was interrupted
   */
  public boolean pause(HttpResponse answer, Duration otherwise) {
    return transport.pause(
        answer, otherwise, budget, "A call on connection '" + connection.id() + "'");
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(budget.idempotencyKey());
  }
}
