package dev.connectorsdk.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 6901 sections 3 and 4. */
class JsonPointersTest {

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "a/b, a~1b",
    "m~n, m~0n",
    "~1, ~01",
    "/~, ~1~0",
    "'', ''",
  })
  void partsEscapeTildesAndSlashes(String name, String part) {
    assertThat(JsonPointers.escape(name)).isEqualTo(part);
    assertThat(JsonPointers.unescape(part)).isEqualTo(name);
  }

  @Test
  void leadFromTheParentToTheChild() {
    assertThat(JsonPointers.child("", "a/b")).isEqualTo("/a~1b");
    assertThat(JsonPointers.child("/a~1b", "c")).isEqualTo("/a~1b/c");
    assertThat(JsonPointers.child("/a", 3)).isEqualTo("/a/3");
  }
}
