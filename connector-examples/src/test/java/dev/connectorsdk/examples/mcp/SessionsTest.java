package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.fixtures.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionsTest {

  private final SettableClock clock = new SettableClock();
  private final Sessions sessions = new Sessions(clock);

  @Test
  void whoBeginsManyForgetsOwnOnes() {
    sessions.begin("bens", BEN);
    for (int i = 0; i < 100; i++) {
      assertThat(sessions.begin("s" + i, ADA)).isEmpty();
    }
    for (int i = 100; i < 10_001; i++) {
      assertThat(sessions.begin("s" + i, ADA)).containsExactly("s" + (i - 100));
    }

    assertThat(sessions.isOf("bens", BEN)).isTrue();
    assertThat(sessions.isOf("s9900", ADA)).isFalse();
    assertThat(sessions.isOf("s9901", ADA)).isTrue();
  }

  @Test
  void ofManyPeopleTheOneThatWasNotUsedForLongestIsForgotten() {
    for (int i = 0; i < 10_000; i++) {
      assertThat(sessions.begin("s" + i, Principal.user("u" + i))).isEmpty();
    }
    assertThat(sessions.isOf("s0", Principal.user("u0"))).isTrue();

    assertThat(sessions.begin("bens", BEN)).containsExactly("s1");
  }

  @Test
  void whatNobodyUsesForHalfAnHourIsForgotten() {
    sessions.begin("idle", ADA);
    sessions.begin("used", ADA);
    clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.isOf("used", ADA)).isTrue();
    assertThat(sessions.isOf("idle", BEN)).isFalse();
    clock.advance(Duration.ofMinutes(1));

    assertThat(sessions.begin("bens", BEN)).containsExactly("idle");
    assertThat(sessions.isOf("used", ADA)).isTrue();
  }

  @Test
  void itIsNobodysAfterHalfAnHourEvenIfNoOtherBegins() {
    sessions.begin("adas", ADA);
    clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.isOf("adas", ADA)).isTrue();
    clock.advance(Duration.ofMinutes(30));

    assertThat(sessions.isOf("adas", ADA)).isFalse();
    assertThat(sessions.begin("bens", BEN)).containsExactly("adas");
  }

  @Test
  void aSessionIsUsedAsLongAsOneOfItsStreamsIsOpen() {
    sessions.begin("adas", ADA);
    sessions.open("adas");
    sessions.open("adas");
    sessions.close("adas");
    clock.advance(Duration.ofHours(2));
    assertThat(sessions.begin("bens", BEN)).isEmpty();

    sessions.close("adas");
    clock.advance(Duration.ofMinutes(29));
    assertThat(sessions.begin("bens", BEN)).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    assertThat(sessions.begin("others", BEN)).contains("adas");
  }
}
