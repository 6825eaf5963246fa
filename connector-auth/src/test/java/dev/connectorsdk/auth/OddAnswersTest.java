package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A renewal that rotates the refresh token, answered in ways that no standard knows. */
@Tag("B9")
@Timeout(30)
class OddAnswersTest extends RenewalTest {

  @BeforeEach
  void anExpiredTokenWithARefreshToken() {
    vault.put(tokens("t0", "r0", 3600));
    clock.set(3600);
  }

  @ParameterizedTest
  @DisplayName("B9: what can be read of an answer counts, however odd it is")
  @ValueSource(
      strings = {
        "\uFEFF{\"access_token\":\"t1\",\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"id\":1,\"id\":2}",
        "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t1\",\"refresh_token\":\"r1\"}\n<!-- done -->",
        "Warning: x\n{\"access_token\":\"t1\",\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",}",
        "\"{\\\"access_token\\\":\\\"t1\\\",\\\"refresh_token\\\":\\\"r1\\\"}\"",
        "access_token=t1&refresh_token=r1",
        "{\"access_token\":\"t1\",\"n\":1e99999999999,\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"Bearer t1\",\"refresh_token\":\"r1\",\"error\":false}"
      })
  void whatCanBeReadOfAnAnswerCounts(String body) {
    server.answers(answer(body.getBytes(UTF_8)));

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.requests()).isEqualTo(1);
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @Test
  @DisplayName("B9: an answer in UTF-16 is read that says so by its byte order mark")
  void anAnswerInUtf16IsRead() {
    String json = "\uFEFF{\"access_token\":\"t1\",\"refresh_token\":\"r1\"}";
    server.answers(answer(json.getBytes(UTF_16LE)));

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @ParameterizedTest
  @DisplayName("B9: a refresh token is kept whose answer cannot be used, and leads to the next one")
  @ValueSource(
      strings = {
        "{\"refresh_token\":\"r1\"}",
        "{\"access_token\":{},\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t x\",\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t1\",\"access_token\":\"t2\",\"refresh_token\":\"r1\"}",
        "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"scope\":\"re"
      })
  void aRefreshTokenIsKeptWhoseAnswerCannotBeUsed(String body) {
    server.inTurn(answer(body.getBytes(UTF_8)), TokenServer.pair("t3", "r2"));

    assertThat(sent()).isEqualTo("Bearer t3");
    assertThat(server.spent()).containsExactly("r0", "r1");
    assertThat(vault.get("refresh_token")).isEqualTo("r2");
  }

  @Test
  @DisplayName(
      "B6: tokens of an unknown type are refused, and the refresh token among them is kept")
  void tokensOfAnUnknownTypeAreRefused() {
    server.answers(ofType("bot"));

    AuthenticationException failure = assertFails(Reason.CONFIGURATION);

    assertThat(failure.problem())
        .endsWith(
            "cannot be used: its tokens are of type 'bot', and not bearer tokens; if it calls"
                + " those so, OAuth2Scheme.bearerTokenTypes can say it");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(vault.get("access_token")).isEqualTo("t0");
  }

  @Test
  @DisplayName("B6: an author says by which types a provider calls bearer tokens")
  void anAuthorSaysByWhichTypesAProviderCallsBearerTokens() {
    server.answers(ofType("Bot"));
    authenticator = connection.open(scheme().bearerTokenTypes("bot", "user"));

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @ParameterizedTest
  @DisplayName("B5: a type of tokens that are bound to a key is never a bearer token")
  @ValueSource(strings = {"DPoP", "mac", "pop"})
  void aTypeOfTokensThatAreBoundIsNeverABearerToken(String type) {
    OAuth2Scheme scheme = scheme();

    assertThatIllegalArgumentException().isThrownBy(() -> scheme.bearerTokenTypes("bot", type));
  }

  private static ResponseDefinitionBuilder ofType(String type) {
    String json = "{\"access_token\":\"t1\",\"refresh_token\":\"r1\",\"token_type\":\"%s\"}";
    return answer(json.formatted(type).getBytes(UTF_8));
  }

  private static ResponseDefinitionBuilder answer(byte[] body) {
    return aResponse().withHeader("Content-Type", "application/json").withBody(body);
  }
}
