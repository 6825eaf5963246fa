package dev.connectorsdk.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.error.InvalidInputException;
import java.util.Arrays;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

  private static final HttpUrl BASE = HttpUrl.get("https://service.example");

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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/a",
        "/a/",
        "/a//b",
        "/a/{b}",
        "/{b}/c",
        "/a/{b}/c/{d}",
        "/a/x{b}",
        "/a/{b}{d}",
        "/a b/{b}",
        "/a%2Fb/{b}",
        "/ä;x=1/{b}",
        "/a}/{b}",
        "/a?b={b}&c={d}",
        "/{b}#{d}"
      })
  void aPathInSegmentsIsTheSameAsOneThatIsParsed(String template) {
    Object[] arguments = {"x y/z?%2e", 7};
    int used = (int) template.chars().filter(c -> c == '{').count();
    Object[] given = Arrays.copyOf(arguments, used);
    HttpUrl base = HttpUrl.get("https://service.example/v1");

    PathPlan.Url url = PathTemplate.of(template).below(base, given);

    if (url != null) {
      assertThat(url.builder().build())
          .isEqualTo(HttpUrl.get(base + PathTemplate.fill(template, given)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "%2e", ".%2E"})
  @DisplayName("E5: an argument that is a whole segment and would name another path is refused")
  void aSegmentThatWouldNameAnotherPathIsRefused(String argument) {
    PathTemplate template = PathTemplate.of("/a/{b}/c");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> template.below(BASE, argument))
        .satisfies(e -> assertThat(e.faults().get(0).path()).isEqualTo("/b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/a/../{b}", "/./{b}", "/%2e%2E/{b}", "/a\\b/{b}", "/a\n/{b}", "a/{b}", "/a/{b"})
  @DisplayName("E5: a template that is no plain path is left to those who look at all of it")
  void whatIsNoPlainPathIsNotInSegments(String template) {
    assertThat(PathTemplate.of(template).below(BASE, "x")).isNull();
  }

  @Test
  void aPathInSegmentsTakesAsManyArgumentsAsItHasNames() {
    assertThat(PathTemplate.of("/a/{b}").below(BASE)).isNull();
    assertThat(PathTemplate.of("/a/{b}").below(BASE, "x", "y")).isNull();
  }

  @Test
  void onlySoManyTemplatesAreKept() {
    PathTemplates templates = new PathTemplates();
    for (int i = 0; i < 1_000; i++) {
      templates.of("/users/" + i); // Made by code that puts values in by itself.
    }
    for (int i = 0; i < 1_000; i++) {
      PathTemplate kept = templates.of("/{a}/" + i);
      assertThat(templates.of("/{a}/" + i)).isSameAs(kept);
    }

    PathTemplate more = templates.of("/{a}/more");
    assertThat(templates.of("/{a}/more")).isNotSameAs(more);
  }
}
