package dev.connectorsdk.internal.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcmaPatternTest {

  private static boolean finds(String regex, String text) {
    return EcmaPattern.compile(regex).matcher(text).find();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "^[^[]+$ a [",
        "^[[\\]]$ [ a",
        "^[a&&b]+$ & c",
        "^a[^]b$ a-b ab",
        "^{[a-z]+}$ {ab} ab",
        "^a{2}$ aa a",
        "^a{2,}$ aaa a",
        "^a{,2}$ a{,2} aa",
        "^\\u{41}$ A B",
        "^\\u{4f}$ O P",
        "^\\p{L}+$ aé a1",
        "^[\\p{Lu}\\u{1F600}]{2}$ AB ab",
        "^\\P{L}{2}$ 12 ab",
        "^\\x{4f}$ O P",
        "^\\i\\j$ ij i",
        "^\\_\\-\\/$ _-/ _",
        "^\\d{3}$ 123 12",
        "^(a$|b$) a ac",
        "^a\\$ a$ a",
        "^\\Qa\\E$ QaE a",
        "^\\h\\R\\X\\G\\a\\e$ hRXGae h",
        "^\\cj$ `\n` *",
        "^\\cJ$ `\n` *",
        "^\\x4$ x4 4",
        "^\\u12$ u12 12",
        "^\\x41\\u0042$ AB ab",
        "^(?<first_name>.)\\k<first_name>$ aa ab",
        "^\\k$ k a",
        "^\\p{Letter}\\p{Lowercase_Letter}$ Aa AA",
        "^\\p{Script=Greek}+$ αβ ab",
        "^\\p{sc=Latin}+$ ab αβ",
        "`^a\\b $` `a ` ab",
        "^é\\ba$ éa a",
        "^[\\b]$ `\b` b",
        "^\\s$ `\u00a0` a",
        "^[\\s]$ `\ufeff` a",
        "^\\S$ a `\u2003`",
        "^.$ `\u0085` `\n`",
        "^(?=a)a$ a b"
      })
  void meansWhatItMeansInEcmaScript(String regex, String found, String notFound) {
    assertThat(finds(regex, found)).isTrue();
    assertThat(finds(regex, notFound)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"^a$", "^(a$)", "^(?:a|b)$"})
  void theEndIsTheEndAndNotALineBreakBeforeIt(String regex) {
    assertThat(finds(regex, "a")).isTrue();
    assertThat(finds(regex, "a\n")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"(", "[a", "a**", "\\p{Nothing}", "\\"})
  void whatJavaDoesNotKnowIsRefused(String regex) {
    assertThatExceptionOfType(PatternSyntaxException.class)
        .isThrownBy(() -> EcmaPattern.compile(regex));
  }
}
