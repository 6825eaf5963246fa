package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.ManyThreads;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WeakValuesTest {

  private static final int MOST_COLLECTIONS = 100;

  private final AtomicInteger makings = new AtomicInteger();
  private final WeakValues<String, Object> values =
      new WeakValues<>(
          key -> {
            makings.incrementAndGet();
            return new Object();
          });

  @Test
  void isTheSameForAllAsLongAsSomebodyHoldsIt() {
    assertThat(values.ifHeld("a")).isNull();
    Object held = values.get("a");

    System.gc();

    assertThat(values.get("a")).isSameAs(held);
    assertThat(values.ifHeld("a")).isSameAs(held);
    assertThat(values.all()).containsExactly(held);
    assertThat(makings).hasValue(1);
  }

  @Test
  void goesWhenNobodyHoldsIt() {
    values.get("a");
    Object held = values.get("b");
    for (int i = 0; i < MOST_COLLECTIONS && values.ifHeld("a") != null; i++) {
      System.gc();
    }

    assertThat(values.ifHeld("a")).isNull();
    assertThat(values.all()).containsExactly(held);
    assertThat(values.get("a")).isNotNull();
    assertThat(makings).hasValue(3);
  }

  @Test
  void whatIsGoneIsForgotten() {
    for (int i = 0; i < MOST_COLLECTIONS && (i < 2 || values.size() > 1); i++) {
      values.get("key " + i);
      System.gc();
    }

    assertThat(makings.get()).isGreaterThan(1);
    assertThat(values.size()).isEqualTo(1);
  }

  @Test
  void threadsThatAskAtTheSameTimeGetTheSame() throws Exception {
    for (int i = 0; i < 100; i++) {
      String key = "key " + i;

      assertThat(ManyThreads.atOnce(4, number -> values.get(key)).stream().distinct()).hasSize(1);
    }
  }
}
