package dev.connectorsdk.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.SettableClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FreshCacheTest {

  private static final Duration FRESH = Duration.ofSeconds(5);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicReference<Runnable> whileReading = new AtomicReference<>(() -> {});
  private final FreshCache<String, Object> cache =
      new FreshCache<>(
          clock,
          FRESH,
          key -> {
            reads.incrementAndGet();
            whileReading.get().run();
            return new Object();
          },
          (before, read) -> before);

  @Test
  void whatWasReadIsUsedUntilItIsNoLongerFresh() {
    Object first = cache.get("a");

    assertThat(cache.get("a")).isSameAs(first);
    assertThat(reads).hasValue(1);
  }

  @Test
  @Tag("I6")
  void whatSeemsToBeReadLaterIsReadAgain() {
    cache.get("a");

    clock.advance(Duration.ofDays(-1));
    cache.get("a");

    assertThat(reads).hasValue(2);
  }

  @Test
  void whatWasReadDuringAChangeIsReadAgain() {
    whileReading.set(() -> cache.expire("a"));
    cache.get("a");
    whileReading.set(() -> {});

    cache.get("a");
    cache.get("a");

    assertThat(reads).hasValue(2);
  }

  @Test
  void whatWasReadDuringAChangeIsHandedOutOnceForAll() {
    whileReading.set(() -> cache.expire("another"));

    Object first = cache.get("a");

    assertThat(cache.get("a")).isSameAs(first);
  }

  @Test
  void whatWasForgottenDuringTheReadingIsReadAgain() {
    whileReading.set(() -> cache.forget("a"));
    cache.get("a");
    whileReading.set(() -> {});

    cache.get("a");

    assertThat(reads).hasValue(2);
  }

  @Test
  @Tag("I1")
  void ofTwoThatReadAtOnceTheFirstOneCounts() {
    AtomicReference<Object> first = new AtomicReference<>();
    FreshCache<String, Object> replacing =
        new FreshCache<>(
            clock,
            FRESH,
            key -> {
              whileReading.getAndSet(() -> {}).run();
              return new Object();
            });
    whileReading.set(() -> first.set(replacing.get("a")));

    Object second = replacing.get("a");

    assertThat(second).isSameAs(first.get());
    assertThat(replacing.get("a")).isSameAs(first.get());
  }
}
