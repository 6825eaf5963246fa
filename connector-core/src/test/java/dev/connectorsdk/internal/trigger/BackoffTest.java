package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration MINUTES = Duration.ofMinutes(3);

  private static final Duration SHORTEST = Duration.ofSeconds(15);

  private final Backoff backoff = new Backoff(new Random(1));

  private Duration afterPoll(int idle) {
    return backoff.afterPoll(MINUTES, SHORTEST, idle, null, Duration.ZERO);
  }

  @Test
  void whatBeganTogetherDoesNotStayTogether() {
    List<Duration> pauses = IntStream.range(0, 10_000).mapToObj(i -> afterPoll(0)).toList();

    assertThat(pauses)
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofSeconds(171), Duration.ofSeconds(189)));
    assertThat(pauses.stream().map(Duration::toSeconds).distinct().count()).isGreaterThan(15);
  }

  @Test
  void whereNothingIsFoundForLongItIsAskedHalfAsOftenAndNotLess() {
    assertThat(afterPoll(20)).isLessThan(Duration.ofSeconds(190));
    assertThat(afterPoll(40)).isBetween(Duration.ofSeconds(250), Duration.ofSeconds(290));
    assertThat(afterPoll(1_000_000)).isBetween(Duration.ofSeconds(340), Duration.ofSeconds(380));
  }

  @Test
  void aServiceIsNotAskedMoreOftenThanItWants() {
    List<Duration> pauses =
        IntStream.range(0, 10_000)
            .mapToObj(i -> backoff.afterPoll(SHORTEST, SHORTEST, 0, null, Duration.ofSeconds(1)))
            .toList();

    assertThat(pauses)
        .allSatisfy(
            pause ->
                assertThat(pause).isBetween(Duration.ofSeconds(14), Duration.ofMillis(14_750)));
  }

  @Test
  void theTimeOfThePollCounts() {
    assertThat(backoff.afterPoll(MINUTES, SHORTEST, 0, null, Duration.ofMinutes(2)))
        .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(70));
    assertThat(backoff.afterPoll(MINUTES, SHORTEST, 0, null, Duration.ofMinutes(4))).isZero();
  }

  @Test
  void pausesAfterFailuresGrowToAnHour() {
    assertThat(backoff.afterFailure(1, null))
        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(16));
    assertThat(backoff.afterFailure(4, null))
        .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(126));
    assertThat(backoff.afterFailure(Integer.MAX_VALUE, null))
        .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(63));
  }

  @Test
  void aServiceMayAskForMoreUpToADay() {
    assertThat(backoff.afterFailure(1, Duration.ofHours(5))).isEqualTo(Duration.ofHours(5));
    assertThat(backoff.afterFailure(1, Duration.ofDays(400))).isEqualTo(Duration.ofDays(1));
    assertThat(backoff.afterPoll(MINUTES, SHORTEST, 0, Duration.ofHours(5), Duration.ZERO))
        .isEqualTo(Duration.ofHours(5));
  }
}
