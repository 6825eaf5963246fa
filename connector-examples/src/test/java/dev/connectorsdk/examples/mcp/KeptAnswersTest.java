package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.SettableClock;
import org.junit.jupiter.api.Test;

class KeptAnswersTest {

  private final KeptAnswers answers = new KeptAnswers(new SettableClock());

  @Test
  void whatIsEmptyTakesRoomTooAndOfItsOwnerAlone() {
    String bens = answers.keep(BEN, "b", "text/plain", new byte[0]).uri();
    String first = answers.keep(ADA, "a", "text/plain", new byte[0]).uri();
    String last = first;
    for (int i = 0; i < 2_000; i++) {
      last = answers.keep(ADA, "a", "text/plain", new byte[0]).uri();
    }

    assertThat(answers.find(ADA, first)).isEmpty();
    assertThat(answers.find(ADA, last)).isPresent();
    assertThat(answers.find(BEN, bens)).isPresent();
  }
}
