package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.AuthenticationException;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoolDownTest {

  private static final ConnectionId CONNECTION = ConnectionId.of("c1");
  private static final long NOW = 1_000_000;

  private final CoolDown coolDown = new CoolDown(() -> 0);

  private static StepFailure failure(@Nullable Duration retryAfter) {
    return new StepFailure(StepFailure.Kind.UNAVAILABLE, "is down", retryAfter, null);
  }

  @Test
  void aFailureIsTwiceAsLongAsTheOneBeforeAndAMinuteAtMost() {
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      coolDown.failed(failure(null), NOW);

      assertThat(coolDown.left(NOW)).isEqualTo(seconds * 1_000L);
    }

    coolDown.passed();
    coolDown.failed(failure(null), NOW);

    assertThat(coolDown.left(NOW)).isEqualTo(5_000);
  }

  @Test
  void chanceAddsATenthAtMost() {
    CoolDown longest =
        new CoolDown(
            new RandomGenerator() {
              @Override
              public long nextLong() {
                throw new UnsupportedOperationException();
              }

              @Override
              public long nextLong(long bound) {
                return bound - 1;
              }
            });

    longest.failed(failure(null), NOW);
    assertThat(longest.left(NOW)).isEqualTo(5_500);
    longest.failed(failure(null), NOW);
    assertThat(longest.left(NOW)).isEqualTo(11_000);
  }

  @ParameterizedTest
  @CsvSource({"1, 5", "30, 30", "3600, 3600", "4000, 3600"})
  void itIsAsLongAsTheEndpointAskedForUpToAnHour(int wish, int seconds) {
    coolDown.failed(failure(Duration.ofSeconds(wish)), NOW);

    assertThat(coolDown.left(NOW)).isEqualTo(seconds * 1_000L);
  }

  @Test
  void nobodyIsToldOfItOnceItIsOver() {
    assertThat(coolDown.inForce(CONNECTION, NOW)).isNull();
    coolDown.failed(failure(null), NOW);

    assertThat(told(NOW + 2_000)).contains(Duration.ofSeconds(3));
    assertThat(told(NOW + 4_999)).contains(Duration.ofMillis(1));
    assertThat(coolDown.inForce(CONNECTION, NOW + 5_000)).isNull();
    coolDown.passed();
    assertThat(coolDown.inForce(CONNECTION, NOW)).isNull();
  }

  @Test
  void oneThatSeemsToBeginLaterIsOver() {
    coolDown.failed(failure(Duration.ofHours(1)), NOW);

    assertThat(coolDown.inForce(CONNECTION, NOW - 1)).isNull();
    assertThat(coolDown.left(NOW - 1)).isZero();
  }

  @Test
  void whatIsPutOffByOthersMakesItNoLonger() {
    coolDown.postponed(failure(Duration.ofSeconds(7)), NOW);
    assertThat(coolDown.left(NOW)).isEqualTo(7_000);
    coolDown.postponed(failure(null), NOW);
    assertThat(coolDown.left(NOW)).isEqualTo(5_000);

    coolDown.failed(failure(null), NOW);

    assertThat(coolDown.left(NOW)).isEqualTo(5_000);
  }

  private Optional<Duration> told(long now) {
    AuthenticationException failure = coolDown.inForce(CONNECTION, now);
    assertThat(failure).isNotNull();
    return failure.retryAfter();
  }
}
