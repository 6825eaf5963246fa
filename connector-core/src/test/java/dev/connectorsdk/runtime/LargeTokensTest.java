package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that rotates refresh tokens gives very long ones. */
@Tag("B14")
@Timeout(60)
class LargeTokensTest extends RawProviderTest {

  private static final int LARGEST_ANSWER = 256 * 1024;
  private static final String ANSWER =
      "{\"access_token\":\"t1\",\"expires_in\":3600,\"refresh_token\":\"%s\"}";

  @BeforeEach
  void aTokenThatHasExpired() {
    theServiceAccepts("t1");
    provider.answers(pair("t0", "r0"));
    signIn();
    clock.advance(Duration.ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(ints = {48_000, 50_000, 64 * 1024, 100_000, LARGEST_ANSWER - 60})
  @DisplayName("B14: whatever fits into an answer is stored, and good for the next renewal")
  void whateverFitsIntoAnAnswerIsStored(int length) {
    String longToken = "r".repeat(length);
    String answer = ANSWER.formatted(longToken);
    assertThat(answer.length()).isLessThanOrEqualTo(LARGEST_ANSWER);
    provider.answers(json(200, answer));
    call(runtime);

    assertIsGoodForTheNextRenewal(longToken);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\u0001", "\\\"", "€", "\\ud83d\\ude00"})
  @DisplayName("B14: so is what takes more room when it is stored than in the answer")
  void whatTakesMoreRoomWhenItIsStoredIsStored(String character) {
    int each = character.getBytes(UTF_8).length;
    String answer = ANSWER.formatted(character.repeat((LARGEST_ANSWER - 60) / each));
    provider.answers(json(200, answer));
    call(runtime);
    provider.answers(pair("t1", "r2"));
    clock.advance(Duration.ofHours(2));

    try (ConnectorRuntime other = with(builder()).build()) {
      call(other);
    }

    assertThat(provider.spent()).hasSize(1).doesNotContain("r0");
  }

  private void assertIsGoodForTheNextRenewal(String refreshToken) {
    provider.answers(pair("t1", "r2"));
    clock.advance(Duration.ofHours(2));
    try (ConnectorRuntime other = with(builder()).build()) {
      call(other);
    }
    assertThat(provider.spent()).containsExactly(refreshToken);
  }
}
