package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work waits for a thread that ends other work, and never behind what hangs. */
class LaneTest {

  private static final int PLACES = TriggerThreads.room();

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger woken = new AtomicInteger();
  private final Lane lane = new Lane(threads, 2, woken::incrementAndGet);
  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch begun = new CountDownLatch(PLACES);
  private final List<String> said = new CopyOnWriteArrayList<>();

  @AfterEach
  void letGo() {
    go.countDown();
    threads.shutdownNow();
  }

  /** Has all places taken until {@link #go}. */
  private void fill() throws InterruptedException {
    for (int i = 0; i < PLACES; i++) {
      lane.begin(
          givenUp -> {
            begun.countDown();
            awaitQuietly(go);
          },
          () -> {},
          () -> said.add("given back"));
    }
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CountDownLatch begin(String name) {
    CountDownLatch done = new CountDownLatch(1);
    lane.begin(
        givenUp -> {
          said.add(name + " begun");
          done.countDown();
        },
        () -> said.add(name + " ended"),
        () -> {
          said.add(name + " given back");
          done.countDown();
        });
    return done;
  }

  @Test
  void aThreadThatEndsItsWorkGoesOnWithWhatWaits() throws InterruptedException {
    fill();
    assertThat(lane.room()).isEqualTo(2);
    CountDownLatch one = begin("one");
    CountDownLatch two = begin("two");
    assertThat(lane.room()).isZero();
    assertThat(said).isEmpty();

    go.countDown();

    assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(two.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).contains("one begun", "two begun").doesNotContain("given back");
  }

  @Test
  void whatWaitsBehindHangingWorkIsGivenBackWithinTwoTicks() throws InterruptedException {
    fill();
    CountDownLatch one = begin("one");
    lane.tick();
    CountDownLatch two = begin("two");
    assertThat(said).isEmpty();

    lane.tick();

    assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).containsExactly("one ended", "one given back");
    assertThat(lane.room()).isEqualTo(1);
    lane.tick();
    assertThat(two.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).endsWith("two ended", "two given back");
  }

  @Test
  void whatCannotBeGivenBackKeepsNothingElseFromThat() throws InterruptedException {
    fill();
    lane.begin(
        givenUp -> {},
        () -> {},
        () -> {
          throw new IllegalStateException("The store is away");
        });
    CountDownLatch one = begin("one");

    lane.tick();
    lane.tick();

    assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).containsExactly("one ended", "one given back");
  }

  @Test
  void whatIsGivenUpMakesRoomAlthoughItsThreadGoesOn() throws InterruptedException {
    List<Runnable> givenUp = new CopyOnWriteArrayList<>();
    for (int i = 0; i < PLACES; i++) {
      lane.begin(
          givingUp -> {
            givenUp.add(givingUp);
            begun.countDown();
            awaitQuietly(go);
          },
          () -> {},
          () -> {});
    }
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    CountDownLatch one = begin("one");

    givenUp.get(0).run();

    assertThat(one.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(said).first().isEqualTo("one begun");
    givenUp.get(0).run();
    assertThat(lane.room()).isLessThanOrEqualTo(3);
  }

  @Test
  void closingGivesBackWhatWaitsAndBeginsNothingMore() throws InterruptedException {
    fill();
    begin("one");

    threads.shutdown();
    lane.close();
    begin("two");

    assertThat(said).containsExactly("one ended", "one given back", "two ended", "two given back");
  }
}
