package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.auth.SharedResult.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits for a shared result, and for how long; the first one has the timer. */
@Tag("B10")
@Timeout(60)
class SharedResultTest {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(50);

  private final SharedResult<String> result = new SharedResult<>();

  /** A thread that waits. */
  private final class Waiting {

    private final FutureTask<String> task;
    private final Thread thread;

    Waiting(Duration atMost) {
      long end = System.nanoTime() + atMost.toNanos();
      task = new FutureTask<>(() -> result.await(end).value());
      thread = new Thread(task);
      thread.start();
    }

    Waiting untilItWaits(Thread.State state) throws InterruptedException {
      while (thread.getState() != state) {
        if (Thread.interrupted()) {
          throw new InterruptedException("The test has timed out");
        }
        Thread.onSpinWait();
      }
      return this;
    }

    Object outcome() throws InterruptedException {
      try {
        return task.get();
      } catch (ExecutionException e) {
        return e.getCause();
      }
    }
  }

  private Waiting timed(Duration atMost) throws InterruptedException {
    return new Waiting(atMost).untilItWaits(Thread.State.TIMED_WAITING);
  }

  private Waiting untimed(Duration atMost) throws InterruptedException {
    return new Waiting(atMost).untilItWaits(Thread.State.WAITING);
  }

  private void settle() {
    result.settle(new Outcome<>("token", null));
  }

  @Test
  @DisplayName("B10: all who wait get the result, and one of them alone has a timer")
  void allWhoWaitGetTheResult() throws Exception {
    List<Waiting> all = new ArrayList<>(List.of(timed(LONG)));
    for (int i = 0; i < 50; i++) {
      all.add(untimed(LONG));
    }

    settle();

    for (Waiting one : all) {
      assertThat(one.outcome()).isEqualTo("token");
    }
  }

  @Test
  @DisplayName("B10: who comes after the result has it at once, with no time left either")
  void whoComesAfterTheResultHasItAtOnce() throws Exception {
    settle();

    assertThat(new Waiting(Duration.ZERO).outcome()).isEqualTo("token");
  }

  @Test
  @DisplayName("B10: whose time is over leaves alone, also while another one has the timer")
  void whoseTimeIsOverLeavesAlone() throws Exception {
    Waiting patient = timed(LONG);
    Waiting other = untimed(LONG);

    assertThat(new Waiting(SHORT).outcome()).isInstanceOf(TimeoutException.class);

    settle();
    assertThat(patient.outcome()).isEqualTo("token");
    assertThat(other.outcome()).isEqualTo("token");
  }

  @Test
  @DisplayName("B10: when the time of the one with the timer is over, another one takes that")
  void anotherOneTakesTheTimer() throws Exception {
    Waiting first = timed(SHORT);
    Waiting patient = new Waiting(LONG);

    assertThat(first.outcome()).isInstanceOf(TimeoutException.class);
    patient.untilItWaits(Thread.State.TIMED_WAITING);
    assertThat(new Waiting(SHORT).outcome()).isInstanceOf(TimeoutException.class);

    settle();
    assertThat(patient.outcome()).isEqualTo("token");
  }

  @Test
  @DisplayName("B10: when the one with the timer is interrupted, another one takes that")
  void whenTheOneWithTheTimerIsInterruptedAnotherOneTakesThat() throws Exception {
    Waiting first = timed(LONG);
    Waiting patient = untimed(LONG);

    first.thread.interrupt();

    assertThat(first.outcome()).isInstanceOf(InterruptedException.class);
    patient.untilItWaits(Thread.State.TIMED_WAITING);
    settle();
    assertThat(patient.outcome()).isEqualTo("token");
  }

  @Test
  @DisplayName("B10: who is interrupted leaves alone")
  void whoIsInterruptedLeavesAlone() throws Exception {
    Waiting first = timed(LONG);
    Waiting second = untimed(LONG);
    Waiting third = untimed(LONG);

    second.thread.interrupt();

    assertThat(second.outcome()).isInstanceOf(InterruptedException.class);
    settle();
    assertThat(first.outcome()).isEqualTo("token");
    assertThat(third.outcome()).isEqualTo("token");
  }
}
