package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SessionsTest {

  @Test
  void whoBeginsManyForgetsOwnOnes() {
    Sessions sessions = new Sessions();
    sessions.begin("bens", BEN);
    for (int i = 0; i < 10_001; i++) {
      sessions.begin("s" + i, ADA);
    }

    assertThat(sessions.isOf("bens", BEN)).isTrue();
    assertThat(sessions.isOf("s9900", ADA)).isFalse();
    assertThat(sessions.isOf("s9901", ADA)).isTrue();
  }
}
