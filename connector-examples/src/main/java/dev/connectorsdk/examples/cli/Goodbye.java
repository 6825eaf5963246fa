package dev.connectorsdk.examples.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Has Ctrl+C end what a command does, and the process wait for that. */
final class Goodbye {

  private static final long LONGEST_SECONDS = 15;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  private Goodbye(Runnable stop) {
    this.hook = new Thread(() -> stop(stop), "connectors-goodbye");
  }

  /**
   * Returns what has to be told when the command is done.
   *
   * @param stop has the command come to its end soon; run by another thread
   */
  static Goodbye beginning(Runnable stop) {
    Goodbye goodbye = new Goodbye(stop);
    Runtime.getRuntime().addShutdownHook(goodbye.hook);
    return goodbye;
  }

  private void stop(Runnable stop) {
    stop.run();
    try {
      boolean unused = done.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Says that the command is done. */
  void end() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // The process is ending, and the hook goes on to its end.
    }
  }
}
