package dev.connectorsdk.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadmeTest {

  @Test
  void theReadmeShowsTheCodeThatIsTestedAndNoOther() throws Exception {
    String readme = Files.readString(Path.of("../README.md"));

    assertThat(Snippets.inMarkdown(readme))
        .isNotEmpty()
        .containsExactlyInAnyOrderElementsOf(Snippets.ofTheSources().values());
  }

  /** How long the programs by which the library is judged may be. */
  @ParameterizedTest
  @CsvSource({
    "first-action, 10",
    "plugin, 40",
    "plugin-test, 15",
    "sign-in, 10",
    "definition, 6",
    "deploy, 10"
  })
  void theProgramStaysShort(String name, int most) throws Exception {
    Map<String, String> snippets = Snippets.ofTheSources();

    assertThat(snippets).containsKey(name);
    assertThat(snippets.get(name).lines().count()).isLessThanOrEqualTo(most);
  }
}
