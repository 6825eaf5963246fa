package dev.connectorsdk.examples.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.examples.mcp.ToolClient.Reply;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CallProgressTest {

  private final CallProgress progress = new CallProgress(Duration.ofMillis(1));
  private final CountDownLatch reading = new CountDownLatch(1);
  private final AtomicInteger now = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @AfterEach
  void close() {
    progress.close();
  }

  /** A client that reads nothing until it is let. */
  private class Unread implements ToolClient {

    final CountDownLatch told;

    Unread(CountDownLatch told) {
      this.told = told;
    }

    @Override
    public void progress(int step) {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      told.countDown();
      try {
        reading.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      now.decrementAndGet();
    }

    @Override
    public boolean hearsProgress() {
      return true;
    }

    @Override
    public boolean asksPeople() {
      return false;
    }

    @Override
    public Reply ask(String question, Duration atMost) {
      return Reply.NONE;
    }

    @Override
    public boolean opensLinks() {
      return false;
    }

    @Override
    public Reply open(String reason, URI link, Duration atMost) {
      return Reply.NONE;
    }
  }

  private CountDownLatch begin(int clients, int told) {
    CountDownLatch latch = new CountDownLatch(told);
    for (int i = 0; i < clients; i++) {
      progress.begin(new Unread(latch));
    }
    return latch;
  }

  @Test
  void clientsThatStopReadingKeepNobodyElseFromHearing() throws InterruptedException {
    int silent = CallProgress.MOST_AT_ONCE - 1;
    begin(silent, silent).await();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(other);

    other.progress.await();
    assertThat(now).hasValue(silent);
  }

  @Test
  void moreOfThemTakeNoMoreThreads() throws InterruptedException {
    int clients = 3 * CallProgress.MOST_AT_ONCE;

    assertThat(begin(clients, clients).await(200, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(most.get()).isLessThanOrEqualTo(CallProgress.MOST_AT_ONCE);

    reading.countDown();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(other);
    other.progress.await();
  }

  @Test
  void whoseCallHasEndedIsToldNoMore() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1);
    CallProgress.Call call =
        progress.begin(
            new Unread(told) {
              @Override
              public void progress(int step) {
                steps.set(step);
                super.progress(step);
              }
            });
    told.await();
    call.end();
    reading.countDown();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(other);

    other.progress.await();
    assertThat(steps).hasValue(1);
  }
}
