package dev.connectorsdk.internal.gateway.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.internal.gateway.line.Purpose;
import java.io.IOException;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.StringNode;

/** What members ask their host. */
@Timeout(60)
class ControlLineTest {

  @AutoClose private final GatewayWorld world = new GatewayWorld();

  ControlLineTest() throws Exception {}

  private ControlLine dial(String member, ECKey key, Purpose purpose) throws Exception {
    return ControlLine.dial(world.settings(member, key, world.cable.port()), purpose);
  }

  @Test
  void aMemberIsAnsweredAndDisturbsNoOtherLineOfItsOwn() throws Exception {
    ECKey key = GatewayWorld.key();
    world.directory.add("a", key);

    try (ControlLine first = dial("a", key, Purpose.CONTROL);
        ControlLine second = dial("a", key, Purpose.CONTROL)) {
      assertThat(first.ask("echo", StringNode.valueOf("x")).asString()).isEqualTo("a x");
      assertThat(second.ask("echo", StringNode.valueOf("y")).asString()).isEqualTo("a y");
    }
    assertThat(world.directory.opened).isEmpty();
  }

  @Test
  void whoWantsToBecomeAMemberProvesItsKeyAndNothingElse() throws Exception {
    try (ControlLine line = dial("", GatewayWorld.key(), Purpose.REGISTER)) {
      assertThat(line.ask("echo", StringNode.valueOf("x")).asString()).isEqualTo("nobody x");
    }
  }

  @Test
  void aRefusalHasTheHostsWords() throws Exception {
    try (ControlLine line = dial("", GatewayWorld.key(), Purpose.REGISTER)) {
      assertThatExceptionOfType(ControlLine.Refused.class)
          .isThrownBy(() -> line.ask("nonsense", StringNode.valueOf("x")))
          .withMessage("There is no question 'nonsense'");
    }
  }

  @Test
  void anUpgradeThatFailsSaysWhatAnswered() throws Exception {
    try (InsideService other = new InsideService()) {
      int port = HttpUrl.get(other.url()).port();

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(
              () ->
                  ControlLine.dial(world.settings("", GatewayWorld.key(), port), Purpose.REGISTER))
          .withMessageContaining("answered with 404");
    }
  }
}
