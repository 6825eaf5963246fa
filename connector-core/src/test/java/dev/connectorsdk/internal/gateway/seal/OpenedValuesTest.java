package dev.connectorsdk.internal.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OpenedValuesTest {

  private final Cache<List<String>, Integer> opened = OpenedValues.cache();

  private long characters() {
    opened.cleanUp();
    return opened.asMap().keySet().stream().flatMap(List::stream).mapToLong(String::length).sum();
  }

  @Test
  @Tag("C7")
  void whatAHostMakesLongDoesNotFillTheMemory() {
    String most = "x".repeat(SealedValue.LONGEST);

    for (int i = 0; i < 1_000; i++) {
      opened.put(List.of("c" + i, most, most), i);
    }

    assertThat(characters()).isBetween(1_000_000L, 50_000_000L);
  }

  @Test
  void thoseOfThousandsOfConnectionsAreKept() {
    String usual = "x".repeat(1_000);

    for (int i = 0; i < 9_000; i++) {
      opened.put(List.of("c" + i, usual), i);
    }

    opened.cleanUp();
    assertThat(opened.asMap()).hasSize(9_000);
  }
}
