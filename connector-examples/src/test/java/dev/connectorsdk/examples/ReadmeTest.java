package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {

  private static final String[] READMES = {
    "../README.md",
    "../connector-api/README.md",
    "../connector-auth/README.md",
    "../connector-core/README.md",
    "../connector-examples/README.md",
    "../connector-examples/COOKBOOK.md"
  };

  @Test
  void theReadmesShowTheCodeThatIsTestedAndNoOther() throws Exception {
    List<String> shown = new ArrayList<>();
    for (String readme : READMES) {
      shown.addAll(Markdown.read(Path.of(readme)).java());
    }

    assertThat(shown)
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(Snippets.ofTheSources().values());
  }

  @ParameterizedTest
  @FieldSource("READMES")
  @ValueSource(strings = {"../CONTRIBUTING.md", "../CHANGELOG.md"})
  void everyLinkLeadsSomewhere(String file) throws Exception {
    assertThat(Markdown.read(Path.of(file)).brokenLinks()).isEmpty();
  }

  @Test
  void theFrontDoorIsNoLongerThanThreeScreens() throws Exception {
    assertThat(Markdown.read(Path.of("../README.md")).text().lines().count())
        .isLessThanOrEqualTo(120);
  }

  /** How long the programs by which the library is judged may be. */
  @ParameterizedTest
  @CsvSource({
    "first-action, 10",
    "plugin, 40",
    "webhook-plugin, 40",
    "plugin-test, 10",
    "sign-in, 10",
    "definition, 6",
    "deploy, 10",
    "trigger, 8"
  })
  void theProgramStaysShort(String name, int most) throws Exception {
    Map<String, String> snippets = Snippets.ofTheSources();

    assertThat(snippets).containsKey(name);
    assertThat(snippets.get(name).lines().count()).isLessThanOrEqualTo(most);
  }
}
