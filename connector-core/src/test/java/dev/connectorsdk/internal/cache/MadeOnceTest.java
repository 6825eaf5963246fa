package dev.connectorsdk.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectorsdk.fixtures.ManyThreads;
import java.lang.Thread.State;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MadeOnceTest {

  private final AtomicInteger makings = new AtomicInteger();

  @Test
  void isMadeWhenItIsFirstAskedForAlone() {
    MadeOnce<Object> part = new MadeOnce<>(this::make);

    assertThat(part.ifMade()).isNull();
    assertThat(makings).hasValue(0);

    Object made = part.get();

    assertThat(part.get()).isSameAs(made);
    assertThat(part.ifMade()).isSameAs(made);
    assertThat(makings).hasValue(1);
  }

  @Test
  void threadsThatAskAtTheSameTimeGetTheSame() throws Exception {
    Phaser all = new Phaser(8);
    MadeOnce<Object> part =
        new MadeOnce<>(
            () -> {
              all.awaitAdvance(0);
              return make();
            });

    List<Object> got =
        ManyThreads.atOnce(
            8,
            number -> {
              all.arrive();
              return part.get();
            });

    assertThat(got).containsOnly(part.get());
    assertThat(makings).hasValue(1);
  }

  @Test
  @Timeout(30)
  void whoeverWouldHaveItIfItIsMadeWaitsWhileItIs() throws Exception {
    AtomicReference<MadeOnce<Object>> part = new AtomicReference<>();
    AtomicReference<Object> seen = new AtomicReference<>();
    Thread asking = new Thread(() -> seen.set(part.get().ifMade()));
    part.set(
        new MadeOnce<>(
            () -> {
              asking.start();
              while (asking.getState() != State.BLOCKED && asking.isAlive()) {
                Thread.onSpinWait();
              }
              return make();
            }));

    Object made = part.get().get();
    asking.join();

    assertThat(seen).hasValue(made);
  }

  @Test
  void isMadeAgainAfterItHasFailed() {
    MadeOnce<Object> part =
        new MadeOnce<>(
            () -> {
              if (makings.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return this;
            });

    assertThatThrownBy(part::get).hasMessage("not yet");
    assertThat(part.ifMade()).isNull();
    assertThat(part.get()).isSameAs(this);
  }

  private Object make() {
    makings.incrementAndGet();
    return new Object();
  }
}
