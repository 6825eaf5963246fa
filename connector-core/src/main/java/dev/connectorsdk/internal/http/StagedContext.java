package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a call of the runtime lends to operations of definitions, beyond what code gets. */
public interface StagedContext extends ActionContext {

  /** Returns the way to the service through a stage, which sees credentials. */
  ConnectorHttp http(Stage stage);

  /**
   * Returns a parameter of the connection as text, secrets included, to be put into requests.
   *
   * @param name without regard to case
   * @return {@code null} if there is none
   */
  @Nullable String parameter(String name);

  /** Returns how many items the caller wants over pages, or 0 if the caller does not say. */
  int items();

  /** Returns whether the caller says where a file goes, so that {@link #target} has one. */
  boolean hasTarget();

  /** Returns whether the caller waits for work that is only accepted. */
  boolean waits();

  /** Says that the service has refused the connection's credentials for good. */
  void credentialsRejected();

  /**
   * Waits for as long as an answer asks in {@code Retry-After}, else {@code otherwise}.
   *
   * @return {@code false}, at once, if the call's time ends before
   * @throws dev.connectorsdk.api.error.CallCancelledException if the thread was interrupted
   */
  boolean pause(HttpResponse answer, Duration otherwise);
}
