package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.error.InvalidInputException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

  @Test
  void eachArgumentTakesThePlaceOfOneName() {
    assertThat(PathTemplate.fill("/{a}/of/{b}.json", "x", 7)).isEqualTo("/x/of/7.json");
    assertThat(PathTemplate.fill("/{}", "x")).isEqualTo("/x");
    assertThat(PathTemplate.fill("/fixed")).isEqualTo("/fixed");
  }

  @Test
  @DisplayName("E5: an argument cannot leave its segment")
  void anArgumentStaysInItsSegment() {
    assertThat(PathTemplate.fill("/a/{b}/c", "x/../y?z#w")).isEqualTo("/a/x%2F..%2Fy%3Fz%23w/c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  @DisplayName("E5: an argument that would name another path is refused by its name")
  void anArgumentThatWouldNameAnotherPathIsRefused(String argument) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> PathTemplate.fill("/a/{b}/c", argument))
        .satisfies(e -> assertThat(e.faults().get(0).path()).isEqualTo("/b"));
  }

  @Test
  void thereAreAsManyArgumentsAsNames() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.fill("/a", "x"))
        .withMessage("Path template '/a' takes 0 arguments, but was given 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.fill("/a/{b}", "x", "y"))
        .withMessage("Path template '/a/{b}' takes 1 arguments, but was given 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.fill("/a/{b}/{c}", "x"))
        .withMessage("Path template '/a/{b}/{c}' needs more than 1 arguments");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.fill("/{b}"))
        .withMessage("Path template '/{b}' needs more than 0 arguments");
  }

  @Test
  void aPathBeginsWithASlashAndItsNamesEnd() {
    assertThatIllegalArgumentException().isThrownBy(() -> PathTemplate.fill("a/{b}", "x"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PathTemplate.fill("/a/{b", "x"))
        .withMessage("Path template '/a/{b' lacks a '}'");
  }
}
