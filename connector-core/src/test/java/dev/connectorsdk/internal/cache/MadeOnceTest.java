package dev.connectorsdk.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

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
    CountDownLatch all = new CountDownLatch(8);
    MadeOnce<Object> part = new MadeOnce<>(this::make);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Object>> asked = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        asked.add(
            threads.submit(
                () -> {
                  all.countDown();
                  all.await();
                  return part.get();
                }));
      }
      for (Future<Object> one : asked) {
        assertThat(one.get()).isSameAs(part.get());
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(makings).hasValue(1);
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
