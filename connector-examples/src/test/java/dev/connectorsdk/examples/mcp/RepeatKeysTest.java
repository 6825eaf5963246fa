package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.ADA;
import static dev.connectorsdk.examples.mcp.Desk.BEN;
import static dev.connectorsdk.examples.mcp.Desk.object;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepeatKeysTest {

  @Test
  void theSameInputInAnotherOrderIsTheSameWrite() {
    RepeatKeys.Write one = RepeatKeys.Write.of(ADA, "t", object("{'a':1,'b':{'c':2,'d':3}}"));

    assertThat(RepeatKeys.Write.of(ADA, "t", object("{'b':{'d':3,'c':2},'a':1}"))).isEqualTo(one);
    assertThat(RepeatKeys.Write.of(ADA, "t", object("{'a':1,'b':{'c':2,'d':4}}")))
        .isNotEqualTo(one);
    assertThat(RepeatKeys.Write.of(BEN, "t", object("{'a':1,'b':{'c':2,'d':3}}")))
        .isNotEqualTo(one);
  }
}
