package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Principal;
import org.junit.jupiter.api.Test;

class SessionsTest {

  @Test
  void whoBeginsManyForgetsOwnOnes() {
    Sessions sessions = new Sessions();
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
    Sessions sessions = new Sessions();
    for (int i = 0; i < 10_000; i++) {
      assertThat(sessions.begin("s" + i, Principal.user("u" + i))).isEmpty();
    }
    assertThat(sessions.isOf("s0", Principal.user("u0"))).isTrue();

    assertThat(sessions.begin("bens", BEN)).containsExactly("s1");
  }
}
