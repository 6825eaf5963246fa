package dev.connectorsdk.examples.cli;

import dev.connectorsdk.trigger.EventHandler;
import dev.connectorsdk.trigger.HandledEvent;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** Prints each event as a line of JSON, until there were enough or nobody reads them any more. */
final class EventLines implements EventHandler<JsonNode> {

  private final Terminal terminal;
  private final CountDownLatch over = new CountDownLatch(1);
  private long left;

  /**
   * @param most after how many events there are enough
   */
  EventLines(Terminal terminal, long most) {
    this.terminal = terminal;
    this.left = most;
  }

  static void print(Terminal terminal, String id, JsonNode payload) {
    terminal.out().println(Json.object().put("id", id).set("event", payload));
  }

  @Override
  public synchronized void handle(JsonNode payload, HandledEvent event) {
    if (isOver()) {
      throw new FailedException("nobody listens any more");
    }
    print(terminal, event.id(), payload);
    left--;
    if (left == 0 || terminal.out().checkError()) {
      end();
    }
  }

  /** Takes no further events. */
  void end() {
    over.countDown();
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Waits until it is over, but not longer than this. */
  void await(Duration time) throws InterruptedException {
    boolean unused = over.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
