package dev.connectorsdk.internal.cache;

import static dev.connectorsdk.internal.cache.BoundedMap.FEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.ManyThreads;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedMapTest {

  private static final int MANY = 3 * FEW;
  private static final int THREADS = 4;

  private final BoundedMap<Integer, Integer> map = new BoundedMap<>(2 * MANY);

  @ValueSource(ints = {FEW, FEW + 1, MANY})
  @ParameterizedTest(name = "of {0} entries")
  void entriesAreKeptAndChangedWhetherTheyAreFewOrMany(int entries) {
    for (int i = 0; i < entries; i++) {
      map.compute(i, (key, before) -> before == null ? key : -1);
    }
    assertThat(IntStream.range(0, entries)).allMatch(i -> Integer.valueOf(i).equals(map.get(i)));

    map.compute(1, (key, before) -> before + 10);
    map.computeIfPresent(2, (key, before) -> before + 10);
    map.computeIfPresent(-1, (key, before) -> before);
    map.remove(3);
    map.removeIf(value -> value == 4);

    assertThat(map.get(1)).isEqualTo(11);
    assertThat(map.get(2)).isEqualTo(12);
    assertThat(map.get(-1)).isNull();
    assertThat(map.get(3)).isNull();
    assertThat(map.get(4)).isNull();
    assertThat(map.putIfAbsent(4, 5)).isNull();
    assertThat(map.putIfAbsent(4, 6)).isEqualTo(5);
  }

  @Test
  void whatThreadsChangeIsNotLostWhileItGrows() throws Exception {
    AtomicInteger next = new AtomicInteger();

    ManyThreads.atOnce(
        THREADS,
        number -> {
          for (int i = next.getAndIncrement(); i < THREADS * MANY; i = next.getAndIncrement()) {
            map.compute(i / THREADS, (key, before) -> before == null ? 1 : before + 1);
          }
          return null;
        });

    assertThat(IntStream.range(0, MANY)).allMatch(i -> Integer.valueOf(THREADS).equals(map.get(i)));
  }

  @Test
  void itGrowsOnlyBetweenTwoChanges() throws Exception {
    for (int i = 1; i < FEW; i++) {
      map.putIfAbsent(i, i);
    }
    Thread growing =
        new Thread(
            () -> {
              map.putIfAbsent(0, 0);
              map.putIfAbsent(FEW, FEW);
            });

    map.compute(
        1,
        (key, before) -> {
          growing.start();
          while (growing.getState() != Thread.State.BLOCKED && growing.isAlive()) {
            Thread.onSpinWait();
          }
          return -1;
        });
    growing.join();

    assertThat(map.get(1)).isEqualTo(-1);
    assertThat(map.get(FEW)).isEqualTo(FEW);
  }

  @Test
  void noMoreEntriesAreKeptThanThereMayBe() {
    BoundedMap<Integer, Integer> small = new BoundedMap<>(2 * FEW);
    for (int i = 0; i < 10 * FEW; i++) {
      small.putIfAbsent(i, i);
    }

    assertThat(IntStream.range(0, 10 * FEW).filter(i -> small.get(i) != null).count())
        .isBetween((long) FEW, 2L * FEW);
  }
}
