package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "7", "A.b_c-9", "contoso.tickets", "0--"})
  void aNameIsLettersDigitsDotsUnderscoresAndHyphens(String name) {
    assertThat(ConnectorId.of(name)).hasToString(name);
    assertThat(ConnectionId.of(name)).hasToString(name);
    assertThat(Environment.of(name)).hasToString(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".a", "_a", "-a", " a", "a ", "a b", "a/b", "a\\b", "../a", "ä", "a:b", "ａ"})
  void nothingElseIsAName(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> ConnectorId.of(name));
    assertThatIllegalArgumentException().isThrownBy(() -> ConnectionId.of(name));
    assertThatIllegalArgumentException().isThrownBy(() -> Environment.of(name));
  }

  @Test
  void aNameHasAtMost200Characters() {
    assertThat(ConnectionId.of("a".repeat(200)).value()).hasSize(200);
    assertThatIllegalArgumentException().isThrownBy(() -> ConnectionId.of("a".repeat(201)));
  }

  @Test
  void theMessageGivesTheRuleAndTheValueOnOneLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectorId.of("a\r\nb"))
        .withMessage(
            "Connector id must be 1 to 200 letters, digits, '.', '_' or '-' and start with a"
                + " letter or digit, but was 'a??b'");
  }

  @Test
  void aLongValueIsCutInTheMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Environment.of("a".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400).endsWith("aaa...'"));
  }

  @Test
  void aReferenceIsNamedLikeEverythingElse() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionReference.embedded("my ref", "tickets"))
        .withMessageStartingWith("Logical name of a reference must be");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConnectionReference.invoker("ref", "my tickets"))
        .withMessageStartingWith("Connector id must be");
  }

  @Test
  void referencesAreEqualByNameConnectorAndSource() {
    assertThat(ConnectionReference.embedded("office", "tickets"))
        .isEqualTo(ConnectionReference.embedded("office", "tickets"))
        .isNotEqualTo(ConnectionReference.invoker("office", "tickets"))
        .isNotEqualTo(ConnectionReference.embedded("office", "mail"))
        .hasToString("office (embedded, tickets)");
  }
}
