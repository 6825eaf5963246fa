package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.internal.Placeholders.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {

  private static final Map<String, String> VALUES =
      Map.of("a", "1", "b", "2", "empty", "", "region", "eu");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "plain; plain; plain",
        "{a}; 1; {a}",
        "x{a}y{b}z; x1y2z; x{a}y{b}z",
        "{missing|b|a}; 2; {b}",
        "{empty|b}; 2; {b}",
        "{missing=text}; text; text",
        "{a=text}; 1; {a}",
        "{missing|empty=no=yes}; no=yes; no=yes",
        "{missing=}.; .; .",
        "{region?eu,us=-west}; -west; -west",
        "{region?us=-west}.; .; .",
        "{missing?,us=none}; none; none",
        "{empty?,us=none}; none; none",
        "{missing|region?eu=x}; x; x",
        "{missing=https://x.test/?y|z}; https://x.test/?y|z; https://x.test/?y|z",
      })
  void takeWhatIsThere(String template, String filled, String reduced) {
    assertThat(Placeholders.fill(template, VALUES::get)).isEqualTo(filled);
    assertThat(Placeholders.reduce(template, VALUES::get)).isEqualTo(reduced);
  }

  @ParameterizedTest
  @CsvSource({"x{missing}y, x{missing}y", "{missing|empty}, {missing}", "{a?2}, {a?2}"})
  void withoutAnythingThereIsNothing(String template, String reduced) {
    assertThat(Placeholders.fill(template, VALUES::get)).isNull();
    assertThat(Placeholders.reduce(template, VALUES::get)).isEqualTo(reduced);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{ a }; 1; {a}",
        "{missing | b}; 2; {b}",
        "{ missing |empty = text }!;  text !;  text !",
        "{ region ?eu=x}; x; x",
      })
  void blanksAroundNamesDoNotCount(String template, String filled, String reduced) {
    assertThat(Placeholders.fill(template, VALUES::get).strip()).isEqualTo(filled.strip());
    if (template.indexOf('|') >= 0 || template.indexOf('=') >= 0) {
      assertThat(Placeholders.reduce(template, VALUES::get).strip()).isEqualTo(reduced.strip());
    }
  }

  @Test
  void noMoreIsAskedForThanNeeded() {
    List<String> asked = new ArrayList<>();
    Placeholders.fill(
        "{a|b}{missing}{b}",
        name -> {
          asked.add(name);
          return VALUES.get(name);
        });
    assertThat(asked).containsExactly("a", "missing");
  }

  @Test
  void aPairHasNoBraceBetween() {
    assertThat(Placeholders.parts("{\"id\":\"{id}\"}"))
        .containsExactly(
            new Part("{\"id\":\"", false), new Part("id", true), new Part("\"}", false));
    assertThat(Placeholders.parts("}{a{b}{}"))
        .containsExactly(new Part("}{a", false), new Part("b", true), new Part("", true));
  }

  @Test
  void namesAreThoseOfValues() {
    assertThat(Placeholders.names("https://{ a | b=c}.x{d?e,f=g}/{h}/{"))
        .containsExactly("a", "b", "d", "h");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "}", "{a", "a}", "{a}}", "{{a}", "{a}{b"})
  void bracesCanLackTheirPartner(String template) {
    assertThat(Placeholders.hasLooseBrace(template)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "{}", "{a}{b}", "x{a}y"})
  void bracesCanPairUp(String template) {
    assertThat(Placeholders.hasLooseBrace(template)).isFalse();
  }

  @Test
  void theInsideCanBeReplaced() {
    assertThat(Placeholders.replace("{a|b} and {c}", inside -> "<" + inside + ">"))
        .isEqualTo("<a|b> and <c>");
  }
}
