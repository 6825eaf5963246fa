package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 3986 section 5.2.4, and the URL standard for how they can be written. */
class DotSegmentsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "%2e", "%2E", ".%2e", "%2E.", "%2e%2E", ".\t.", "\n.", "%2e\r", ".\f"})
  void areDotsHoweverTheyAreWritten(String segment) {
    assertThat(DotSegments.is(segment)).isTrue();
    assertThat(DotSegments.in(segment)).isTrue();
    assertThat(DotSegments.in("/a/" + segment)).isTrue();
    assertThat(DotSegments.in("/a/" + segment + "/b")).isTrue();
    assertThat(DotSegments.in("/a\\" + segment + "\\b")).isTrue();
    assertThat(DotSegments.in("https://example.com/" + segment + "?q")).isTrue();
    assertThat(DotSegments.in(segment + "#f")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "...",
        "a",
        ".a",
        "a.",
        "a..b",
        "%2e%2e%2e",
        "%252e",
        "%2",
        "%",
        "%2f",
        ". ",
        "%2e%2f",
        "%2e%2e%5c"
      })
  void otherSegmentsAreNone(String segment) {
    assertThat(DotSegments.is(segment)).isFalse();
    assertThat(DotSegments.in("/a/" + segment + "/b")).isFalse();
    assertThat(DotSegments.in("/a/" + segment)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a?b=/../c", "/a#/../c", "https://example.com/a/b.c/", "/", ""})
  void onlyPathsHaveThem(String url) {
    assertThat(DotSegments.in(url)).isFalse();
  }
}
