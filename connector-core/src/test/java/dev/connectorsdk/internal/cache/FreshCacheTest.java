package dev.connectorsdk.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.error.StoreException;
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
          StoreChanges.none(clock, FRESH),
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
  void aMomentLastsUntilSomethingIsWaitedFor() {
    Object first = cache.get("a");
    Moment at = new Moment(clock);
    clock.advance(FRESH);

    assertThat(cache.get("a", at)).isSameAs(first);
    assertThat(reads).hasValue(1);
    cache.get("b", at);
    cache.get("a", at);

    assertThat(reads).hasValue(3);
    assertThat(at.millis()).isEqualTo(clock.millis());
  }

  @Test
  void whatWasReadAlongWithOthersIsUsedAsLongAsWhatWasAskedFor() {
    Object read = new Object();
    cache.keep("a", read, cache.begin());

    clock.advance(FRESH.minusMillis(1));
    assertThat(cache.get("a")).isSameAs(read);
    clock.advance(Duration.ofMillis(1));
    cache.get("a");

    assertThat(reads).hasValue(1);
  }

  @Test
  @Tag("I3")
  void whatWasReadAlongWithOthersWhileItWasChangedIsReadAgain() {
    FreshCache.Reading began = cache.begin();
    cache.expire("a");
    cache.keep("a", new Object(), began);

    cache.get("a");

    assertThat(reads).hasValue(1);
  }

  @Test
  void whatWasReadAlongWithOthersReplacesNothing() {
    FreshCache.Reading began = cache.begin();
    Object first = cache.get("a");

    cache.keep("a", new Object(), began);

    assertThat(cache.get("a")).isSameAs(first);
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
  @Tag("I3")
  void whatTookLongerToReadThanItHoldsIsReadAgain() {
    whileReading.set(
        () -> {
          clock.advance(FRESH.plusMillis(1));
          whileReading.set(() -> {});
        });

    Object read = cache.get("a");

    assertThat(reads).hasValue(2);
    assertThat(cache.get("a")).isSameAs(read);
  }

  @Test
  @Tag("I3")
  void whatAlwaysTakesLongerToReadThanItHoldsIsRefused() {
    whileReading.set(() -> clock.advance(FRESH.plusMillis(1)));

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> cache.get("a"))
        .withMessageContaining("longer than the 5000 ms")
        .matches(StoreException::isRetryable);
    assertThat(reads).hasValue(2);

    whileReading.set(() -> {});
    assertThat(cache.get("a")).isNotNull();
  }

  @Test
  @Tag("I3")
  void aReadingMayTakeItsTimeWhereNothingIsUsedTwice() {
    whileReading.set(() -> clock.advance(Duration.ofMillis(900)));
    FreshCache<String, Object> asking =
        new FreshCache<>(
            clock,
            Duration.ZERO,
            key -> {
              whileReading.get().run();
              return new Object();
            });

    assertThat(asking.get("a")).isNotSameAs(asking.get("a"));
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
