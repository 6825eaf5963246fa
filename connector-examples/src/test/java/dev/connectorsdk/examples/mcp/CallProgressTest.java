package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Principal;
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

  @Test
  void peopleWhoDoNotReadKeepNobodyElseFromHearing() throws InterruptedException {
    int silent = 100;
    CountDownLatch told = new CountDownLatch(silent);
    for (int i = 0; i < silent; i++) {
      progress.begin(Principal.user("u" + i), new Unread(told));
    }
    told.await();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(ADA, other);

    other.progress.await();
    assertThat(now).hasValue(silent);
  }

  @Test
  void whoDoesNotReadWithSeveralClientsTakesOneThread() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    for (int i = 0; i < 10; i++) {
      progress.begin(BEN, new Unread(told));
    }
    told.await();
    AskedClient adas = new AskedClient(Reply.YES);
    progress.begin(ADA, adas);
    adas.progress.await();

    reading.countDown();
    AskedClient bens = new AskedClient(Reply.YES);
    progress.begin(BEN, bens);
    bens.progress.await();
    assertThat(most).hasValue(1);
  }

  @Test
  void aClientThatFailsKeepsItsPersonsOthersFromNothing() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    progress.begin(
        ADA,
        new Unread(told) {
          @Override
          public void progress(int step) {
            told.countDown();
            throw new IllegalStateException("it is gone");
          }
        });
    told.await();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(ADA, other);

    other.progress.await();
  }

  @Test
  void anErrorOfTheJvmKeepsNobodyFromHearingForGood() throws InterruptedException {
    CountDownLatch told = new CountDownLatch(1);
    CallProgress.Call failing =
        progress.begin(
            ADA,
            new Unread(told) {
              @Override
              public void progress(int step) {
                told.countDown();
                throw new LinkageError("as a test wants it");
              }
            });
    told.await();
    failing.end();
    AskedClient other = new AskedClient(Reply.YES);
    progress.begin(ADA, other);

    assertThat(other.progress.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whoseCallHasEndedIsToldNoMore() throws InterruptedException {
    AtomicInteger steps = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1);
    CallProgress.Call call =
        progress.begin(
            ADA,
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
    progress.begin(ADA, other);

    other.progress.await();
    assertThat(steps).hasValue(1);
  }
}
