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
public abstract class CallContext implements StagedContext {

  private final Transport transport;
  private final CallOptions options;
  private @Nullable ConnectorHttp http;

  /** A call for which this may be spent, and nothing else is asked. */
  private static final class Plain extends CallContext {

    private final OpenConnection on;
    private final CallBudget budget;

    Plain(OpenConnection on, Transport transport, CallBudget budget) {
      super(transport, CallOptions.standard());
      this.on = on;
      this.budget = budget;
    }

    @Override
    protected OpenConnection on() {
      return on;
    }

    @Override
    protected CallBudget budget() {
      return budget;
    }
  }

  protected CallContext(Transport transport, CallOptions options) {
    this.transport = transport;
    this.options = options;
  }

  /** Returns the context of one call. */
  public static CallContext of(OpenConnection on, Transport transport, CallBudget budget) {
    return new Plain(on, transport, budget);
  }

  /** Returns the connection that the call uses. */
  protected abstract OpenConnection on();

  /** Returns what the call may still spend. */
  protected abstract CallBudget budget();

  @Override
  public Connection connection() {
    return on().view();
  }

  @Override
  public ConnectorHttp http() {
    ConnectorHttp bound = http;
    if (bound == null) {
      bound = transport.open(on().endpoint(), budget());
      http = bound;
    }
    return bound;
  }

  @Override
  public ConnectorHttp http(Stage stage) {
    return transport.open(on().endpoint(), budget(), stage);
  }

  @Override
  public @Nullable String parameter(String name) {
    return on().parameter(name);
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
    on().credentialsRejected();
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
    return transport.pause(answer, otherwise, budget(), "A call on connection '" + on().id() + "'");
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.ofNullable(budget().idempotencyKey());
  }
}
