package dev.connectorsdk.runtime;

/** Has tests of other packages run triggers by hand. */
public final class TriggersByHand {

  private TriggersByHand() {}

  /** Returns a runtime that begins nothing by itself. */
  public static ConnectorRuntime stopped(RuntimeBuilder builder) {
    return builder.stopped();
  }

  /** Does all that is due. */
  public static void run(ConnectorRuntime runtime) {
    runtime.triggerModule().runDue();
  }
}
