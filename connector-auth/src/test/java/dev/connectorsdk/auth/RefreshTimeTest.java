package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.SettableClock;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("B8")
class RefreshTimeTest {

  private static final RandomGenerator NO_SPREAD = () -> 0;

  @ParameterizedTest(name = "a life of {0} s is used for {1} to {2} s")
  @CsvSource({
    "0, 0, 0",
    "1, 0.45, 0.5",
    "60, 27, 30",
    "120, 54, 60",
    "300, 234, 240",
    "600, 534, 540",
    "1200, 1068, 1080",
    "3000, 2670, 2700",
    "3600, 3270, 3300",
    "86400, 86070, 86100",
  })
  void aTokenIsReplacedWithinTheMargin(long life, double earliest, double latest) {
    assertThat(usedFor(life, NO_SPREAD)).isEqualTo(latest);
    for (int seed = 0; seed < 100; seed++) {
      assertThat(usedFor(life, new Random(seed))).isBetween(earliest, latest);
    }
  }

  @Test
  void aTokenThatExpiredBeforeItWasGotIsDueAtOnce() {
    assertThat(usedFor(-10, NO_SPREAD)).isEqualTo(-10);
  }

  @ParameterizedTest(name = "with {0} ms left, it is tried again after {1} ms")
  @CsvSource({"300000, 30000", "30000, 3000", "10000, 1000", "5000, 1000", "400, 400"})
  void afterAFailureATenthOfWhatIsLeftPasses(long left, long pause) {
    assertThat(RefreshTime.afterFailure(1_000_000, 1_000_000 + left)).isEqualTo(1_000_000 + pause);
  }

  private static double usedFor(long life, RandomGenerator random) {
    return Duration.between(
                SettableClock.START,
                RefreshTime.of(
                    SettableClock.START, SettableClock.START.plusSeconds(life), null, random))
            .toMillis()
        / 1000.0;
  }
}
