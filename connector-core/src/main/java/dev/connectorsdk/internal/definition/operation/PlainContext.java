package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.StagedContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call of another runtime than this library's, which lends nothing but what code gets. */
record PlainContext(String operation, ActionContext context) implements StagedContext {

  static StagedContext of(String operation, ActionContext context) {
    return context instanceof StagedContext staged ? staged : new PlainContext(operation, context);
  }

  @Override
  public Connection connection() {
    return context.connection();
  }

  @Override
  public ConnectorHttp http() {
    return context.http();
  }

  @Override
  public Optional<String> idempotencyKey() {
    return context.idempotencyKey();
  }

  @Override
  public FileTarget target() {
    return context.target();
  }

  @Override
  public ConnectorHttp http(Stage stage) {
    throw new OperationUnsupportedException(
        operation, "its policies run only in calls of a runtime");
  }

  @Override
  public @Nullable String parameter(String name) {
    return null;
  }

  @Override
  public int items() {
    return 0;
  }

  @Override
  public boolean hasTarget() {
    return false;
  }

  @Override
  public boolean waits() {
    return false;
  }

  @Override
  public void credentialsRejected() {}

  @Override
  public boolean pause(HttpResponse answer, Duration otherwise) {
    return false;
  }
}
