package dev.connectorsdk.internal.definition.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTextTest {

  /** With a step for each pair of characters, any of these would take hours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{", "{a", "@{", "@", "@a", "{ ", "@{ ", "'", "{'", "@headers(", "@headers('",
        "@headers(''", "@headers('',", "@{headers('a'", "@body()", "@body()/a", "{a}", "[",
            "@body()[", "@body()[1", "@body()['a", "@body()[\"'"
      })
  @Tag("H2")
  @Timeout(20)
  @DisplayName("H2: a long text of a policy is read in one pass")
  void aLongTextIsReadInOnePass(String part) {
    String text = part.repeat(2_000_000 / part.length());

    assertThat(PolicyText.of(text).pieces()).isNotEmpty();
    assertThat(PolicyText.of(text + "}").pieces()).isNotEmpty();
  }
}
