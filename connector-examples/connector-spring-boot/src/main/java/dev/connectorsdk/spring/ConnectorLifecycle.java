package dev.connectorsdk.spring;

import org.springframework.context.SmartLifecycle;

/**
 * A step of the runtime's end, taken when the application stops. It is not taken when a context is
 * only paused, since there is no way back.
 */
final class ConnectorLifecycle implements SmartLifecycle {

  /** Before the web server stops: requests still run. */
  static final int DRAIN = Integer.MAX_VALUE;

  /** After web server, executors and schedulers have ended, and before any bean is destroyed. */
  static final int CLOSE = 0;

  private final int phase;
  private final Runnable step;
  private volatile boolean running;

  ConnectorLifecycle(int phase, Runnable step) {
    this.phase = phase;
    this.step = step;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    step.run();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
