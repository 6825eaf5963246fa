package dev.connectorsdk.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedUrlTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "https://{ a | b }.example.com/{c=d}; a,b,c; true",
        "HTTPS://example.com; ''; true",
        "https://my_{site}.example.com; site; true",
        "http://LocalHost:{port}/; port; true",
        "http://[::1]/{a?x=y}; a; true",
        "http://example.com; ''; false",
        "http://127.0.0.2; ''; false",
        "{url}/x; url; true",
      })
  void isReadAsTheRuntimeReadsIt(String template, String names, boolean secure) {
    CheckedUrl read = CheckedUrl.parse(template);

    assertThat(read.problem()).isNull();
    assertThat(String.join(",", read.parameters())).isEqualTo(names);
    assertThat(read.isSecure()).isEqualTo(secure);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://{a", "https://a}", "https://{}.example.com", "https://{{a}}.x"})
  void bracesPairUp(String template) {
    assertThat(CheckedUrl.parse(template).problem()).isEqualTo("Its braces do not pair up.");
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, a host",
    "https:///x, a host",
    "https://me@example.com, user",
    "https://me@my_site.example.com, user",
    "https://example.com/#f, fragment",
    "https://exa mple.com, not a URL",
  })
  void saysWhatIsWrong(String template, String problem) {
    assertThat(CheckedUrl.parse(template).problem()).contains(problem);
  }
}
