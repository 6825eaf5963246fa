package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Secret;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("D3")
class ServerWordsTest {

  private final ServerWords words = new ServerWords(List.of("hunter", "correct horse", "YWRhOnB3"));

  private String shown(String said) {
    return words.of(Secret.of(said));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Audience not found                            | Audience not found
          AADSTS7000215: Invalid client secret provided.| AADSTS7000215: Invalid client secret provided.
          The client_id isn't known (code 42)           | The client_id isn't known (code 42)
          Wrong password hunter for ada                 | Wrong password ... for ada
          You sent correct horse, and no                | You sent ... and no
          Basic YWRhOnB3 is not valid                   | Basic ... is not valid
          Token 1//0gabcDEF-xyz_9 has expired           | Token ... has expired
          a canary-code-4 b c3d4 e                      | a ... b ... e
          see https://evil.test/?x=1 now                | see ... now
          """)
  @DisplayName("D3: what a server says is shown, but for what was sent and what may be a secret")
  void whatAServerSaysIsShownButForWhatMayBeASecret(String said, String shown) {
    assertThat(shown(said)).isEqualTo(shown);
  }

  @Test
  @DisplayName("D3: it is one line of at most 200 printable characters")
  void itIsOneShortLine() {
    assertThat(shown("no\r\n2026-01-01 INFO user=admin \u001b[31m ${jndi:ldap} \u202e yes"))
        .isEqualTo("no ... INFO ... yes");
    assertThat(shown("word ".repeat(1_000_000))).hasSizeLessThanOrEqualTo(200).startsWith("word");
    assertThat(shown("a " + "word ".repeat(100)))
        .hasSizeLessThanOrEqualTo(200)
        .startsWith("a word");
    assertThat(shown("no 1x ".repeat(100))).hasSizeLessThanOrEqualTo(200).startsWith("no ... no");
  }

  @Test
  @DisplayName("D3: what is not read to its end is not shown")
  void whatIsNotReadToItsEndIsNotShown() {
    String before = "no " + "1x ".repeat(665);

    assertThat(shown(before + "hunter")).isEqualTo("no ...");
    assertThat(shown(before + "word")).isEqualTo("no ...");
    assertThat(shown("no " + "1x ".repeat(664) + "word")).isEqualTo("no ... word");
  }

  @Test
  void whatHoldsNoWordsIsLeftOut() {
    assertThat(shown("eyJhbGciOiJSUzI1NiJ9.e30.c2ln")).isEmpty();
    assertThat(words.of(null)).isEmpty();
    assertThat(words).hasToString("***");
  }
}
