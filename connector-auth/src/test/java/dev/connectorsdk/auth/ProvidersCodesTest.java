package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from the error codes that providers have of their own. */
@Tag("B18")
@Timeout(30)
class ProvidersCodesTest extends RenewalTest {

  @BeforeEach
  void anExpiredTokenWithARefreshToken() {
    vault.put(tokens("t0", "r0", 3600));
    clock.set(3600);
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("B18: a provider's own code for a grant that has ended ends it, whatever the status")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"error":"bad_refresh_token","error_description":"incorrect or expired"}
          200 | {"ok":false,"error":"token_expired"}
          200 | {"ok":false,"error":"invalid_refresh_token"}
          200 | {"ok":false,"error":"account_inactive"}
          200 | {"error":"code_already_used"}
          200 | {"error":"invalid_code"}
          400 | {"error":"expired_token"}
          400 | {"error":"refresh_token_already_used"}
          400 | {"error":"RefreshTokenExpired"}
          400 | {"error":"user_not_found"}
          400 | {"error":"session_expired"}
          400 | {"error":"consent_revoked"}
          400 | {"status":"BAD_REFRESH_TOKEN","message":"missing or invalid refresh token"}
          400 | {"success":false,"errors":[{"errorType":"invalid_grant","message":"no"}]}
          400 | {"error":{"code":"TOKEN_EXPIRED","message":"no"}}
          400 | {"error":{"errorId":"INVALID_REFRESH_TOKEN"}}
          400 | {"status":400,"message":"Invalid refresh token"}
          401 | {"error":"refresh_token_revoked"}
          401 | {"message":"refresh token expired"}
          403 | {"error":"unauthorized_client","error_description":"refresh_token is invalid"}
          404 | {"error":"refresh_token_not_found"}
          500 | {"error":"invalid_grant"}
          """)
  void aProvidersOwnCodeEndsTheGrant(int status, String body) {
    answers(status, body);

    assertFails(Reason.GRANT_ENDED);
    assertFails(Reason.GRANT_ENDED);

    assertThat(server.requests()).isEqualTo(1);
    assertThat(connection.failures).hasSize(1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("B18: what is wrong with the client or the request is not the user's to mend")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"error":"incorrect_client_credentials"}
          200 | {"ok":false,"error":"invalid_client_id"}
          200 | {"error":"redirect_uri_mismatch"}
          400 | {"status":"BAD_CLIENT_ID"}
          400 | {"error":"deleted_client"}
          400 | {"error":"invalid_resource"}
          """)
  void whatIsWrongWithTheClientIsNotTheUsersToMend(int status, String body) {
    answers(status, body);

    assertFails(Reason.CONFIGURATION);

    assertThat(server.requests()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("B18: a code that speaks of the moment is tried again, and the grant stays")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"ok":false,"error":"ratelimited"}
          200 | {"ok":false,"error":"internal_error"}
          400 | {"error":"rate_limit_exceeded"}
          400 | {"error":"service_unavailable"}
          400 | {"error":"Access Denied","error_description":"You have made too many requests"}
          """)
  void aCodeThatSpeaksOfTheMomentIsTriedAgain(int status, String body) {
    answers(status, body);

    assertFails(Reason.TEMPORARY);
  }

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("B18: a sentence that speaks of a revoked token is no code, and ends no grant")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"message":"Ask us why a token was revoked"}
          400 | {"error":{"message":"A token of another app is invalid now"}}
          400 | {"errors":[{"message":"Session store: user unknown, see docs"}]}
          400 | {"code":17,"reason":"The token has been revoked"}
          400 | {"status":"Tokens may be expired or revoked"}
          200 | {"ok":"no","message":"This grant may be revoked soon"}
          """)
  void aSentenceIsNoCode(int status, String body) {
    answers(status, body);

    assertFails(Reason.TEMPORARY);
  }

  @Test
  @DisplayName("B18: a code that nobody knows costs one request, is shown, and tried again later")
  void aCodeThatNobodyKnowsCostsOneRequest() {
    answers(400, "{\"error\":\"E_WEIRD_THING\",\"error_description\":\"no\"}");

    AuthenticationException failure = assertFails(Reason.TEMPORARY);
    assertFails(Reason.TEMPORARY);

    assertThat(failure.problem()).endsWith("an unlisted error code (E_WEIRD_THING: no)");
    assertThat(server.requests()).isEqualTo(1);
  }

  @ParameterizedTest(name = "{0} at {1}")
  @DisplayName("B18: an author says what a code means, wherever it is")
  @CsvSource({
    "E_WEIRD_THING, /error, '{\"error\":\"e_weird_thing\"}'",
    "invalid_request, /error, '{\"error\":\"invalid_request\"}'",
    "190, /error/code, '{\"error\":{\"code\":190,\"type\":\"OAuthException\"}}'",
    "40030, /errcode, '{\"errcode\":40030,\"errmsg\":\"no\"}'",
    "Sorry!, /text, '{\"text\":\"sorry!\"}'"
  })
  void anAuthorSaysWhatACodeMeans(String code, String place, String body) {
    authenticator =
        connection.open(
            scheme().answer(fields -> fields.error(place)).errorCode(code, "invalid_grant"));
    answers(200, body);

    assertFails(Reason.GRANT_ENDED);

    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B18: a code stands for one of a token endpoint, and for no other")
  void aCodeStandsForOneOfATokenEndpoint() {
    OAuth2Scheme scheme = scheme();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> scheme.errorCode("E_WEIRD_THING", "grant_ended"))
        .withMessageContaining("invalid_grant");
  }

  private static void answers(int status, String body) {
    server.answers(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody(body));
  }
}
