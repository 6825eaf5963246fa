package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3986 section 2. */
class PercentEncodingTest {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a b,a%20b",
        "100%,100%25",
        "a+b&c=d,a%2Bb%26c%3Dd",
        "*!'(),%2A%21%27%28%29",
        "/?#[]@:,%2F%3F%23%5B%5D%40%3A",
        "%41,%2541",
        "é,%C3%A9",
        "€,%E2%82%AC",
        "😀,%F0%9F%98%80",
        "\u0000\u007f,%00%7F",
      })
  void encodesAllButUnreservedCharacters(String text, String encoded) {
    assertThat(PercentEncoding.encode(text)).isEqualTo(encoded);
    assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
  }

  @Test
  void returnsWhatNeedsNoEncodingAsItIs() {
    assertThat(PercentEncoding.encode(UNRESERVED)).isSameAs(UNRESERVED);
    assertThat(PercentEncoding.decode("100%, %zz, a+b")).isSameAs("100%, %zz, a+b");
    assertThat(PercentEncoding.completePath("/a/b%20c")).isSameAs("/a/b%20c");
  }

  @Test
  void everyCharacterSurvivesTheWayThereAndBack() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c < 0x110000; c += c < 0x3000 ? 1 : 97) {
      if (c < 0xD800 || c > 0xDFFF) {
        all.appendCodePoint(c);
      }
    }
    assertThat(PercentEncoding.decode(PercentEncoding.encode(all.toString())))
        .isEqualTo(all.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\uD83D", "\uDE00", "a\uD83Db", "\uDE00\uD83D"})
  void halfACharacterCannotBeEncoded(String text) {
    assertThat(PercentEncoding.isEncodable(text)).isFalse();
    assertThat(PercentEncoding.isEncodable(text + "\uD83D\uDE00")).isFalse();
    assertThat(PercentEncoding.encode(text)).contains("%3F").doesNotContain("%ED");
  }

  @Test
  void wholeCharactersCan() {
    assertThat(PercentEncoding.isEncodable("aé€\uD83D\uDE00")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "%e2%82%ac, €",
    "%E2%82%aC, €",
    "%2541, %41",
    "%4, %4",
    "%, %",
    "%%41, %A",
    "%４１, %４１",
    "%-1, %-1",
    "%ff, \uFFFD",
    "é%20€, é €",
  })
  void decodesOnceAndWhatIsEncodedAlone(String encoded, String text) {
    assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
  }

  @Test
  void namesOfQueryParametersKeepDollars() {
    assertThat(PercentEncoding.encodeQueryName("$filter[a b]&")).isEqualTo("$filter%5Ba%20b%5D%26");
  }

  @ParameterizedTest
  @CsvSource({
    "/a b/ü, /a%20b/%C3%BC",
    "/a%2Fb/100%, /a%2Fb/100%25",
    "/a;v=1/@me/$ref/(x), /a;v=1/@me/$ref/(x)",
    "/a?b#c[d], /a%3Fb%23c%5Bd%5D",
    "%４１, %25%EF%BC%94%EF%BC%91",
  })
  void completesPaths(String path, String complete) {
    assertThat(PercentEncoding.completePath(path)).isEqualTo(complete);
  }

  @ParameterizedTest
  @CsvSource({
    "?a=b c&d[]=%20, ?a=b%20c&d%5B%5D=%20",
    "?q=\"x\"#y, ?q=%22x%22%23y",
  })
  void completesQueries(String query, String complete) {
    assertThat(PercentEncoding.completeQuery(query)).isEqualTo(complete);
  }
}
