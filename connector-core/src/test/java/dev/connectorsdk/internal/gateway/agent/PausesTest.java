package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PausesTest {

  private static LongStream pauses(Pauses pauses) {
    return LongStream.generate(pauses::next);
  }

  @Test
  void pausesAfterFaultsGrowSoonUpToFourSeconds() {
    Pauses pauses = Pauses.forFaults(new Random(7));

    assertThat(pauses(pauses).limit(4)).allMatch(pause -> pause <= 2_000);
    assertThat(pauses(pauses).limit(100)).allMatch(pause -> pause >= 2_000 && pause <= 4_000);
  }

  @Test
  void aProcessOfTheHostIsLookedForOftenAtFirst() {
    Pauses pauses = Pauses.forSearches(new Random(7));

    assertThat(pauses(pauses).limit(36)).allMatch(pause -> pause <= 1_000);
    assertThat(pauses(pauses).skip(12).limit(100)).allMatch(pause -> pause >= 2_000);
  }

  @Test
  void searchesAreShortUntilTheirPausesGrow() {
    Pauses pauses = Pauses.forSearches(new Random(7));

    pauses(pauses).limit(11).forEach(pause -> assertThat(pauses.areShort()).isTrue());
    pauses.next();
    assertThat(pauses.areShort()).isFalse();
    pauses.reset();
    assertThat(pauses.areShort()).isTrue();
  }

  @Test
  void afterAResetPausesAreShortAgain() {
    Pauses pauses = Pauses.forFaults(new Random(7));
    pauses(pauses).limit(10).forEach(pause -> {});

    pauses.reset();

    assertThat(pauses.next()).isLessThanOrEqualTo(250);
  }
}
