package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import com.sun.management.ThreadMXBean;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.fixtures.SettableClock;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientCredentialsTest {

  @RegisterExtension static final TokenServer server = new TokenServer();

  /** Makes a token due 300 s before it expires, in place of up to 330 s. */
  private static final long NO_SPREAD = 0;

  /** Makes a token due 330 s before it expires: 30,000 is the largest number below 30,001. */
  private static final long MOST_SPREAD = 30_000L << 1;

  private final TestConnection connection =
      new TestConnection().client("app", "s3cret").random(() -> NO_SPREAD);
  private final SettableClock clock = connection.clock;
  private final TestVault vault = connection.vault();
  private Authenticator authenticator = ignored -> 0;

  @BeforeEach
  void open() {
    authenticator = connection.open(OAuth2Scheme.clientCredentials(server.url()));
  }

  @Test
  void openingDoesNothing() {
    assertThat(server.requests()).isZero();
    assertThat(vault.reads).isZero();
  }

  @Test
  void aTokenIsFetchedOnceStoredAndUsedAgain() {
    server.issues("t1", 3600);

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(server.requests()).isEqualTo(1);
    assertThat(vault.contents())
        .containsOnly(
            entry("access_token", "t1"),
            entry("token_type", "Bearer"),
            entry("obtained_at", "2026-01-01T12:00:00Z"),
            entry("expires_at", "2026-01-01T13:00:00Z"),
            entry("terms", "at=" + server.url()));
  }

  @Test
  @DisplayName("A9: a token is not used on when the scopes, or what else it is for, have changed")
  void aTokenIsNotUsedOnForOtherScopes() {
    OAuth2Scheme before = OAuth2Scheme.clientCredentials(server.url()).scopes("read", "write");
    List<OAuth2Scheme> others =
        List.of(
            before.scopes("read", "write", "admin"),
            before.scopes("read"),
            before.resources("https://api.example.com"),
            before.tokenParameter("audience", "https://api.example.com"),
            before.exchange(request -> request.to(server.url() + "?tenant=other")));
    for (OAuth2Scheme other : others) {
      vault.put(Map.of());
      server.answers("{\"access_token\": \"before\"}");
      authenticator = connection.open(before);
      sent();
      server.answers("{\"access_token\": \"after\"}");

      authenticator = connection.open(before.scopes("write", "read"));
      assertThat(sent()).as("the same scopes").isEqualTo("Bearer before");
      authenticator = connection.open(other);
      assertThat(sent())
          .as(other.scopes() + " " + other.tokenParameters())
          .isEqualTo("Bearer after");
    }
  }

  @Test
  @DisplayName("A9: while no token for the new scopes can be had, the one for the old goes on")
  void whileNoTokenForTheNewScopesCanBeHadTheOldGoesOn() {
    OAuth2Scheme before = OAuth2Scheme.clientCredentials(server.url()).scopes("read");
    server.issues("before", 3600);
    authenticator = connection.open(before);
    sent();
    server.fails(503);

    authenticator = connection.open(before.scopes("write"));

    assertThat(sent()).isEqualTo("Bearer before");
    server.issues("after", 3600);
    clock.advance(Duration.ofMinutes(2));
    sent();
    assertThat(sent()).isEqualTo("Bearer after");
  }

  @Test
  @DisplayName("A9: a token of which nobody knows what it was asked for is used on")
  void aTokenOfWhichNobodyKnowsWhatItWasAskedForIsUsedOn() {
    vault.put(tokens("earlier", 3600));

    authenticator = connection.open(OAuth2Scheme.clientCredentials(server.url()).scopes("read"));

    assertThat(sent()).isEqualTo("Bearer earlier");
  }

  @Test
  void aFreshTokenCostsNeitherIoNorMemory() {
    server.issues("t1", 3600);
    var request = new TestRequest();
    for (int i = 0; i < 10_000; i++) {
      authenticator.authenticate(request);
    }
    int readsBefore = vault.reads;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      authenticator.authenticate(request);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(allocated).as("bytes for 10,000 requests").isLessThan(10_000);
    assertThat(vault.reads).isEqualTo(readsBefore);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @Timeout(20)
  void aConnectionThatIsDeletedMeanwhileEndsTheCall() {
    server.issues("t1", 3600);
    vault.delete();

    assertThatExceptionOfType(NotFoundException.class).isThrownBy(this::sent);
    assertThat(server.requests()).isZero();
  }

  @Test
  @Timeout(20)
  void aConnectionThatIsDeletedWhileItsTokenIsReplacedEndsTheCall() {
    server.issues("t1", 3600);
    sent();
    clock.set(3601);
    vault.delete();

    assertThatExceptionOfType(NotFoundException.class).isThrownBy(this::sent);
  }

  @Test
  void aTokenThatAnotherProcessStoredIsUsed() {
    vault.put(tokens("theirs", 3600));

    assertThat(sent()).isEqualTo("Bearer theirs");
    assertThat(server.requests()).isZero();
  }

  @Test
  void aTokenThatAnotherProcessStoredIsUsedInsteadOfAskingForOne() {
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3400);
    vault.put(tokens("theirs", 3600));

    assertThat(sent()).isEqualTo("Bearer theirs");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @Tag("B8")
  void aTokenIsReplacedAtTheMarginBeforeItsExpiryAndNotEarlier() {
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 3600);

    clock.set(3299);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @Tag("B8")
  void aTokenLivesFromWhenItCameWhateverTheServersClockSays() {
    String token = "{\"access_token\": \"t1\", \"expires_in\": 3600}";
    server.answers(okJson(token).withHeader("Date", "Thu, 01 Jan 2026 09:00:00 GMT"));
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 3600);

    clock.set(3299);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  @Tag("B8")
  void theSpreadMakesItEarlierByATenthOfTheMarginAtMost() {
    connection.random(() -> MOST_SPREAD);
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 3600);

    clock.set(3269);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3270);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  @Tag("B8")
  void aSchemeMaySayHowLongBeforeItsExpiryATokenIsReplaced() {
    authenticator =
        connection.open(
            OAuth2Scheme.clientCredentials(server.url()).refreshMargin(Duration.ofSeconds(30)));
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 3600);

    clock.set(3569);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3570);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  @Tag("B8")
  void aTokenThatLivesAMinuteIsUsedForHalfOfIt() {
    server.issues("t1", 60);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 60);

    clock.set(29);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(30);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @ParameterizedTest
  @Tag("B8")
  @ValueSource(
      strings = {"", ", \"expires_in\": 0", ", \"expires_in\": -5", ", \"expires_in\": 1e12"})
  void aTokenOfUnknownLifeIsUsedUntilItIsRefused(String life) {
    server.answers("{\"access_token\": \"t1\"" + life + "}");
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", 3600);

    clock.set(Duration.ofDays(3650).toSeconds());
    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(authenticator.renew(vault.version(), Instant.MAX)).isTrue();
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  void theGrantIsRunAgainEvenIfTheServerGaveARefreshToken() {
    server.issues("t1", "r1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.issues("t2", "r2", 3600);

    clock.set(3600);
    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(server.form()).containsEntry("grant_type", "client_credentials");
    assertThat(vault.contents()).doesNotContainKey("refresh_token");
  }

  @Test
  @Tag("A9")
  void whatWasGrantedIsRecordedAndNotWhatWasAsked() {
    authenticator =
        connection.open(OAuth2Scheme.clientCredentials(server.url()).scopes("read", "write"));
    server.answers("{\"access_token\":\"t1\",\"scope\":\"read\"}");

    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(vault.get("scope")).isEqualTo("read");
  }

  @Test
  void aNumberThatGrowsComesWithEachToken() {
    server.issues("t1", 3600);
    long first = authenticator.authenticate(new TestRequest());
    clock.set(3600);
    long second = authenticator.authenticate(new TestRequest());

    assertThat(second).isGreaterThan(first);
  }

  @Test
  @Tag("B17")
  void aRefusedTokenIsReplacedByAskingOnce() {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    server.issues("t2", 3600);

    assertThat(authenticator.renew(refused, Instant.MAX)).isTrue();
    assertThat(authenticator.renew(refused, Instant.MAX)).isTrue();

    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  @Tag("B17")
  void aRefusedTokenIsReplacedByOneThatAnotherProcessStored() {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    vault.put(tokens("theirs", 3600));

    assertThat(authenticator.renew(refused, Instant.MAX)).isTrue();

    assertThat(sent()).isEqualTo("Bearer theirs");
    assertThat(server.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @Tag("B18")
  @CsvSource({
    "invalid_client, CONFIGURATION",
    "unauthorized_client, CONFIGURATION",
    "unsupported_grant_type, CONFIGURATION",
    "invalid_request, CONFIGURATION",
    "invalid_scope, CONFIGURATION",
    "invalid_grant, CONFIGURATION",
    "temporarily_unavailable, TEMPORARY",
    "server_error, TEMPORARY"
  })
  void aRefusalSaysWhatFollowsFromIt(String code, Reason reason) {
    server.refuses(code);

    assertFails(
        reason, "Connection 'c1': the token endpoint at localhost refused the request: " + code);
    assertThat(vault.writes).isZero();
  }

  @ParameterizedTest
  @Tag("B18")
  @CsvSource({"429", "500", "502", "503"})
  void aStatusThatIsNoAnswerIsTemporaryAndTheRequestRepeatedTwice(int status) {
    server.fails(status);

    assertFails(
        Reason.TEMPORARY,
        "Connection 'c1': the token endpoint at localhost answered with status " + status);
    assertThat(server.requests()).isEqualTo(3);
  }

  @ParameterizedTest
  @Tag("B18")
  @Tag("E4")
  @CsvSource({"301", "307"})
  void aRedirectIsTemporaryAndNeitherFollowedNorAskedForAgain(int status) {
    server.answers(
        aResponse().withStatus(status).withHeader("Location", server.url() + "/elsewhere"));

    assertFails(
        Reason.TEMPORARY,
        "Connection 'c1': the token endpoint at localhost answered with status "
            + status
            + ", and no redirect is followed");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @Tag("B18")
  void aMistakeThatTheAnswerDoesNotNameIsTemporaryToo() {
    server.answers(aResponse().withStatus(403).withBody("<html>"));

    assertFails(
        Reason.TEMPORARY,
        "Connection 'c1': the token endpoint at localhost answered with status 403, but its answer"
            + " is no JSON object or form");
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  @Tag("B18")
  void aBrokenExchangeIsTemporaryAndRepeatedTwice() {
    server.breaksOff();

    assertFails(
        Reason.TEMPORARY, "Connection 'c1': the token endpoint at localhost gave no whole answer");
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  void anUnauthorizedClientWithoutExplanationIsAMatterOfConfiguration() {
    server.fails(401);

    assertFails(
        Reason.CONFIGURATION,
        "Connection 'c1': the token endpoint at localhost refused the client with status 401");
  }

  @Test
  @Tag("B6")
  void aPageInsteadOfATokenIsTemporaryAndStaysOutOfTheMessage() {
    server.answers(ok("<html>Down for maintenance</html>").withHeader("Content-Type", "text/html"));

    assertFails(
        Reason.TEMPORARY,
        "Connection 'c1': the token endpoint at localhost answered with status 200, but its answer"
            + " is neither a JSON object nor a form");
  }

  @Test
  @Tag("B6")
  void anAnswerThatIsTooLargeIsTemporary() {
    server.answers("{\"access_token\":\"t1\",\"x\":\"" + "x".repeat(2_000_000) + "\"}");

    assertFails(
        Reason.TEMPORARY, "Connection 'c1': the token endpoint at localhost gave no whole answer");
  }

  @Test
  void aFailureIsNotRememberedOnceItIsOver() {
    server.fails(503);
    assertFails(
        Reason.TEMPORARY,
        "Connection 'c1': the token endpoint at localhost answered with status 503");

    server.issues("t1", 3600);
    connection.clock.advance(Duration.ofSeconds(5));

    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @ParameterizedTest
  @CsvSource({"500, 3", "401, 1"})
  void aTokenThatIsStillValidKeepsServingWhileItCannotBeReplaced(int status, int attempts) {
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    server.fails(status);

    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.requests()).as("no second try at once").isEqualTo(1 + attempts);

    clock.set(3340);
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.requests())
        .as("a second try after a tenth of what is left")
        .isEqualTo(1 + 2 * attempts);

    clock.set(3599);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3600);
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::sent);

    server.issues("t2", 3600);
    clock.set(3700);
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  void aStoredTokenThatIsStillValidServesWhenItCannotBeReplacedOnFirstUse() {
    vault.put(tokens("theirs", 30));
    clock.set(20);
    server.fails(500);

    assertThat(sent()).isEqualTo("Bearer theirs");
  }

  @Test
  void aRefusedTokenThatCannotBeReplacedForNowIsReportedAsThat() {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    server.fails(503);

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> authenticator.renew(refused, Instant.MAX))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.TEMPORARY);
  }

  @Test
  @Tag("B15")
  void aTokenThatCannotBeStoredIsNotUsedButKeptUntilItCan() {
    server.issues("t1", 3600);
    vault.readOnly(true);

    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    vault.readOnly(false);

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("access_token")).isEqualTo("t1");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @Tag("B15")
  void aKeptTokenThatHasExpiredMeanwhileIsNotUsed() {
    server.issues("t1", 3600);
    vault.readOnly(true);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    vault.readOnly(false);
    server.issues("t2", 3600);

    clock.set(3600);

    assertThat(sent()).isEqualTo("Bearer t2");
  }

  @Test
  @Tag("B15")
  void aVaultThatIsDownDoesNotStopAValidToken() {
    server.issues("t1", 3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    vault.down(true);

    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t1");

    clock.set(3600);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void aVaultThatWasEmptiedLeadsToANewToken() {
    server.issues("t1", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    vault.put(Map.of());
    server.issues("t2", 3600);

    assertThat(authenticator.renew(refused, Instant.MAX)).isTrue();
    assertThat(sent()).isEqualTo("Bearer t2");
  }

  private @Nullable String sent() {
    TestRequest request = new TestRequest();
    authenticator.authenticate(request);
    return request.headers.get("Authorization");
  }

  private TokenSet tokens(String accessToken, long seconds) {
    Instant now = clock.instant();
    return new TokenSet(Secret.of(accessToken), null, now, now.plusSeconds(seconds), List.of());
  }

  private void assertFails(Reason reason, String message) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::sent)
        .withMessage(message)
        .extracting(AuthenticationException::reason)
        .isEqualTo(reason);
  }
}
