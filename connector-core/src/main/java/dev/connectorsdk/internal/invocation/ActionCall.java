package dev.connectorsdk.internal.invocation;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.internal.connection.CallContext;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.invocation.CallOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of an action. What it needs to send requests is made when it sends the first one. Belongs
 * to the calling thread.
 */
final class ActionCall extends CallContext {

  private final CallBudgets budgets;
  private final CallOptions options;
  private final Caller caller;
  private final Action<?, ?> action;
  private @Nullable OpenConnection found;
  private @Nullable CallBudget spent;
  private long began;
  private boolean isUnderWay;

  ActionCall(
      Transport transport,
      CallBudgets budgets,
      CallOptions options,
      Caller caller,
      Action<?, ?> action) {
    super(transport, options);
    this.budgets = budgets;
    this.options = options;
    this.caller = caller;
    this.action = action;
  }

  /** Says which connection the call uses. */
  void use(OpenConnection connection) {
    found = connection;
  }

  /**
   * The action's code runs from now on.
   *
   * @param now by the clock, in milliseconds
   */
  void begin(long now) {
    began = now;
    isUnderWay = true;
  }

  /** Returns the connection that the call uses, if one was found. */
  @Nullable OpenConnection found() {
    return found;
  }

  /** Returns whether the action's code was to run. */
  boolean isUnderWay() {
    return isUnderWay;
  }

  /** Returns when the action's code was to run, in milliseconds. */
  long began() {
    return began;
  }

  /** Returns what was spent, if the call was to send anything. */
  @Nullable CallBudget spent() {
    return spent;
  }

  @Override
  protected OpenConnection on() {
    return Objects.requireNonNull(found, "found");
  }

  @Override
  protected CallBudget budget() {
    CallBudget budget = spent;
    if (budget == null) {
      budget = budgets.of(action, options, caller, began);
      spent = budget;
    }
    return budget;
  }
}
