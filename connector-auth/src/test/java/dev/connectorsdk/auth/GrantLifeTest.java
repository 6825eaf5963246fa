package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a grant survives: lost answers, lost leases, a store and a provider that fail. */
@Timeout(30)
class GrantLifeTest extends RenewalTest {

  private static final String LOST =
      "the refresh outcome was lost, and the service does not take the same refresh token again, so"
          + " there will be no token until somebody signs in";

  @BeforeEach
  void anExpiredTokenWithARefreshToken() {
    vault.put(tokens("t0", "r0", 3600));
    clock.set(3600);
  }

  // B16

  @Test
  @DisplayName("B16: a lost answer is asked for again with the same token, a second later")
  void aLostAnswerIsAskedForAgainASecondLater() {
    server.inTurn(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), TokenServer.pair("t1", "r1"));

    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(server.spent()).containsExactly("r0", "r0");
    assertThat(connection.clock.pauses()).containsExactly(Duration.ofSeconds(1));
    assertThat(vault.leases).as("one lease for both").isEqualTo(1);
  }

  @Test
  @DisplayName("B16: a lost answer is asked for twice more at most, and the grant stays")
  void aLostAnswerIsAskedForTwiceMoreAtMost() {
    server.answers(aResponse().withFault(Fault.EMPTY_RESPONSE));

    assertFails(Reason.TEMPORARY);

    assertThat(server.spent()).containsExactly("r0", "r0", "r0");
    assertThat(connection.clock.pauses())
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(5));
    assertThat(vault.get("refresh_token")).isEqualTo("r0");
  }

  @ParameterizedTest
  @DisplayName("B16: no attempt begins later than 30 s after the first, however long each takes")
  @CsvSource({"14, 2", "9, 3", "28, 2", "29, 1"})
  void noAttemptBeginsLaterThan30SecondsAfterTheFirst(int seconds, int attempts) {
    server.answers(aResponse().withFault(Fault.EMPTY_RESPONSE));
    Authenticator slow =
        open(
            (real, current, progress) -> {
              clock.advance(Duration.ofSeconds(seconds));
              return real.next(current, progress);
            });

    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(() -> sentBy(slow));

    assertThat(server.requests()).isEqualTo(attempts);
  }

  @ParameterizedTest
  @DisplayName("B16: whatever may hide a spent token is a lost answer")
  @CsvSource({
    "500, text/html, <html>",
    "502, text/plain, bad gateway",
    "200, text/html, <html>Down for maintenance</html>",
    "200, application/json, '{\"access_token\": \"t1\", '",
    "408, text/plain, ''"
  })
  void whateverMayHideASpentTokenIsALostAnswer(int status, String type, String body) {
    server.inTurn(
        aResponse().withStatus(status).withHeader("Content-Type", type).withBody(body),
        TokenServer.refusal("invalid_grant"));

    AuthenticationException failure = assertFails(Reason.GRANT_ENDED);

    assertThat(failure.problem()).isEqualTo(LOST);
    assertThat(server.spent()).containsExactly("r0", "r0");
  }

  @Test
  @DisplayName(
      "B16: a provider without a replay window ends the grant, which is told once and not repeated")
  void aProviderWithoutAReplayWindowEndsTheGrant() {
    server.inTurn(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        TokenServer.refusal("invalid_grant"));

    for (int call = 0; call < 20; call++) {
      assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo(LOST);
    }

    assertThat(server.requests()).isEqualTo(2);
    assertThat(connection.failures).hasSize(1);
    assertThat(vault.contents()).as("nothing is erased").containsEntry("refresh_token", "r0");
  }

  // B14

  @Test
  @DisplayName("B14: who takes over a refresh that was begun refreshes at once with the old token")
  void whoTakesOverARefreshThatWasBegunRefreshesAtOnce() {
    vault.lease(vault.version(), Duration.ZERO);
    vault.loseLease();
    server.issues("t1", "r1", 3600);

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.spent()).containsExactly("r0");
    assertThat(connection.clock.pauses()).isEmpty();
  }

  @Test
  @DisplayName("B14: if the old token is spent by then, the reason says that the outcome was lost")
  void ifTheOldTokenIsSpentByThenTheReasonSaysSo() {
    vault.lease(vault.version(), Duration.ZERO);
    vault.loseLease();
    server.refuses("invalid_grant");

    assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo(LOST);
    assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo(LOST);
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B14: a grant that was revoked is not taken for a lost outcome")
  void aGrantThatWasRevokedIsNotTakenForALostOutcome() {
    server.inTurn(
        aResponse().withStatus(503).withHeader("Retry-After", "1"),
        TokenServer.refusal("invalid_grant"));

    assertThat(assertFails(Reason.GRANT_ENDED).problem())
        .isEqualTo(
            "the service has ended the grant, so there will be no token until somebody signs in");
  }

  @ParameterizedTest
  @DisplayName("B14: that an outcome was lost is known at a later try, and only then")
  @CsvSource({"500, true", "403, false", "429, false"})
  void thatAnOutcomeWasLostIsKnownAtALaterTry(int status, boolean lost) {
    server.fails(status);
    assertFails(Reason.TEMPORARY);

    clock.advance(Duration.ofMinutes(2));
    server.refuses("invalid_grant");

    String problem = assertFails(Reason.GRANT_ENDED).problem();
    assertThat(problem.equals(LOST)).as(problem).isEqualTo(lost);
  }

  @Test
  @DisplayName("B14: a refresh that is cut off once it is sent may have spent the token")
  void aRefreshThatIsCutOffMayHaveSpentTheToken() {
    Authenticator cutOff =
        open(
            (real, current, progress) -> {
              progress.sending();
              throw new CallCancelledException("the refresh");
            });
    assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> sentBy(cutOff));

    server.refuses("invalid_grant");

    assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo(LOST);
  }

  @Test
  @DisplayName("B14: storing is tried again for a while, holding answer and lease")
  void storingIsTriedAgainForAWhile() {
    server.issues("t1", "r1", 3600);
    vault.failWrites(5);

    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(vault.leases).isEqualTo(1);
    assertThat(server.requests()).isEqualTo(1);
    assertThat(connection.clock.pauses().stream().mapToLong(Duration::toMillis).sum())
        .isLessThanOrEqualTo(30_000);
  }

  @Test
  @DisplayName("B14: after 30 s it is reported, nobody got the token, and the next call stores it")
  void afterThirtySecondsItIsReportedAndTheNextCallStoresIt() {
    server.issues("t1", "r1", 3600);
    vault.failWrites(1_000);

    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    assertThat(connection.clock.pauses().stream().mapToLong(Duration::toMillis).sum())
        .isBetween(20_000L, 30_000L);
    assertThat(connection.failures).hasSize(1);

    vault.failWrites(0);
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(server.spent()).containsExactly("r0");
  }

  // B12

  @Test
  @DisplayName(
      "B12: a holder that has lost the lease still stores what it got for the stored token")
  void aHolderThatHasLostTheLeaseStillStoresWhatItGot() {
    server.issues("t1", "r1", 3600);
    Authenticator slow = openWhile(vault::loseLease);

    assertThat(sentBy(slow)).isEqualTo("Bearer t1");

    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(vault.leases).as("taken again before storing").isEqualTo(2);
  }

  @Test
  @DisplayName("B12: a holder that has lost the lease overwrites nothing newer")
  void aHolderThatHasLostTheLeaseOverwritesNothingNewer() {
    server.issues("ours", "r-ours", 3600);
    Authenticator slow = openWhile(this::anotherProcessRenews);

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");
    assertThat(vault.get("refresh_token")).isEqualTo("r-theirs");
  }

  @Test
  @DisplayName(
      "B16: a lost answer is not asked for again once another process has renewed the grant")
  void aLostAnswerIsNotAskedForAgainOnceAnotherProcessHasRenewedTheGrant() {
    server.inTurn(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER),
        TokenServer.refusal("invalid_grant"));
    connection.duringPauses(this::anotherProcessRenews);

    assertThat(sent()).isEqualTo("Bearer theirs");

    assertThat(server.spent()).containsExactly("r0");
    assertThat(connection.failures).isEmpty();
  }

  @Test
  @DisplayName("B16: who has lost the lease takes it again before the same token is sent once more")
  void whoHasLostTheLeaseTakesItAgainBeforeTheSameTokenIsSentOnceMore() {
    server.inTurn(
        aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER), TokenServer.pair("t1", "r1"));
    connection.duringPauses(once(vault::loseLease));

    assertThat(sent()).isEqualTo("Bearer t1");

    assertThat(server.spent()).containsExactly("r0", "r0");
    assertThat(vault.leases).isEqualTo(2);
  }

  @Test
  @DisplayName(
      "B12: who is held up between lease and request sends nothing that is renewed by then")
  void whoIsHeldUpBetweenLeaseAndRequestSendsNothingThatIsRenewedByThen() {
    server.refuses("invalid_grant");
    Runnable heldUp = once(this::anotherProcessRenews);
    Authenticator slow =
        open(
            (real, current, progress) -> {
              heldUp.run();
              return real.next(current, progress);
            });

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");

    assertThat(server.requests()).isZero();
  }

  @Test
  @DisplayName(
      "B12: a failure counts for nothing if another process has renewed the grant meanwhile")
  void aFailureCountsForNothingIfAnotherProcessHasRenewedTheGrantMeanwhile() {
    server.answers(aResponse().withStatus(503).withHeader("Retry-After", "60"));
    Authenticator slow =
        open(
            (real, current, progress) -> {
              try {
                return real.next(current, progress);
              } finally {
                anotherProcessRenews();
              }
            });

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");

    assertThat(server.spent()).containsExactly("r0");
    assertThat(connection.failures).isEmpty();
  }

  @Test
  @DisplayName("B15: while a lease cannot be confirmed no refresh token is spent")
  void whileALeaseCannotBeConfirmedNoRefreshTokenIsSpent() {
    server.issues("t1", "r1", 3600);
    Authenticator unlucky =
        open(
            (real, current, progress) -> {
              vault.readOnly(true);
              return real.next(current, progress);
            });

    assertThatExceptionOfType(StoreException.class).isThrownBy(() -> sentBy(unlucky));

    assertThat(server.requests()).isZero();
    vault.readOnly(false);
    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @Test
  @DisplayName("B11: nobody refreshes without the lease")
  void nobodyRefreshesWithoutTheLease() {
    vault.lease(vault.version(), Duration.ZERO);

    assertFails(Reason.TEMPORARY);

    assertThat(server.requests()).isZero();
  }

  // B15

  @Test
  @DisplayName("B15: while the store cannot be written no refresh token is spent")
  void whileTheStoreCannotBeWrittenNoRefreshTokenIsSpent() {
    server.issues("t1", "r1", 3600);
    vault.readOnly(true);

    clock.set(3599);
    assertThat(sent()).as("due, and still valid").isEqualTo("Bearer t0");

    clock.set(3600);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    assertThat(server.requests()).isZero();

    vault.readOnly(false);
    assertThat(sent()).isEqualTo("Bearer t1");
  }

  // B18

  @ParameterizedTest
  @DisplayName("B13: an invalid grant is one with whatever status of a client's mistake")
  @CsvSource({"404", "409", "422", "428"})
  void anInvalidGrantMayHaveAnyStatusOfAClientsMistake(int status) {
    server.answers(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody("{\"error\":\"invalid_grant\"}"));

    assertFails(Reason.GRANT_ENDED);

    assertThat(server.requests()).isEqualTo(1);
  }

  @ParameterizedTest
  @DisplayName("B18: a provider that fails is asked three times, then left alone, then asked again")
  @CsvSource({"500, 1000 5000", "503, 1000 5000", "403, 1000 2000"})
  void aProviderThatFailsIsLeftAloneForAWhile(int status, String pauses) {
    server.fails(status);

    assertFails(Reason.TEMPORARY);
    assertThat(connection.clock.pauses())
        .extracting(pause -> String.valueOf(pause.toMillis()))
        .containsExactly(pauses.split(" ", -1));

    AuthenticationException meanwhile = assertFails(Reason.TEMPORARY);
    assertThat(meanwhile.retryAfter()).contains(Duration.ofSeconds(5));
    assertThat(server.requests()).isEqualTo(3);

    clock.advance(Duration.ofSeconds(5));
    assertFails(Reason.TEMPORARY);
    assertThat(server.requests()).isEqualTo(6);
    assertThat(assertFails(Reason.TEMPORARY).retryAfter())
        .as("longer from time to time")
        .contains(Duration.ofSeconds(10));

    server.issues("t1", "r1", 3600);
    clock.advance(Duration.ofSeconds(10));
    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @ParameterizedTest
  @DisplayName("B18: a URL without a token endpoint is a fault of the configuration, and says so")
  @CsvSource({"404", "405", "410"})
  void aUrlWithoutATokenEndpointIsAFaultOfTheConfiguration(int status) {
    server.answers(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody("{\"error\":\"Realm does not exist\"}"));

    assertThat(assertFails(Reason.CONFIGURATION).problem())
        .isEqualTo(
            "the token endpoint at localhost is none: it answered with status "
                + status
                + " (Realm does not exist)");
    assertFails(Reason.CONFIGURATION);
    assertThat(server.spent()).as("asked once").containsExactly("r0");

    server.issues("t1", "r1", 3600);
    clock.advance(Duration.ofSeconds(6));
    assertThat(sent()).as("it may be a moment of the server").isEqualTo("Bearer t1");
  }

  @ParameterizedTest
  @DisplayName("B13: what providers say of a dead grant in codes of their own ends it")
  @CsvSource({
    "400, bad_refresh_token",
    "200, bad_refresh_token",
    "400, BAD_REFRESH_TOKEN",
    "200, invalid_refresh_token",
    "200, token_expired",
    "401, token_revoked",
    "400, invalid_code"
  })
  void whatProvidersSayOfADeadGrantInCodesOfTheirOwnEndsIt(int status, String code) {
    server.answers(
        aResponse()
            .withStatus(status)
            .withHeader("Content-Type", "application/json")
            .withBody("{\"error\":\"" + code + "\"}"));

    assertFails(Reason.GRANT_ENDED);
    assertFails(Reason.GRANT_ENDED);

    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  @DisplayName("B18: a provider that asks to be left alone is, for as long as it asks")
  void aProviderThatAsksToBeLeftAloneIs() {
    server.answers(aResponse().withStatus(429).withHeader("Retry-After", "120"));

    assertThat(assertFails(Reason.TEMPORARY).retryAfter()).contains(Duration.ofMinutes(2));
    clock.advance(Duration.ofSeconds(119));
    assertFails(Reason.TEMPORARY);
    assertThat(server.requests()).isEqualTo(1);

    server.issues("t1", "r1", 3600);
    clock.advance(Duration.ofSeconds(1));
    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @ParameterizedTest
  @DisplayName("B18: a provider that redirects is asked once and then left alone for a minute")
  @CsvSource({"301", "302", "307"})
  void aProviderThatRedirectsIsAskedOnce(int status) {
    server.fails(status);

    assertThat(assertFails(Reason.TEMPORARY).retryAfter()).contains(Duration.ofMinutes(1));
    clock.advance(Duration.ofSeconds(59));
    assertFails(Reason.TEMPORARY);
    assertThat(server.spent()).containsExactly("r0");

    server.issues("t1", "r1", 3600);
    clock.advance(Duration.ofSeconds(1));
    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @ParameterizedTest
  @DisplayName("B18: a wish of up to 5 s is heard within the call")
  @ValueSource(ints = {3, 5})
  void aShortWishIsHeardWithinTheCall(int seconds) {
    server.inTurn(asksFor(seconds), TokenServer.pair("t1", "r1"));

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(connection.clock.pauses()).containsExactly(Duration.ofSeconds(seconds));
  }

  @Test
  @DisplayName("B18: a longer wish ends the call")
  void aLongerWishEndsTheCall() {
    server.inTurn(asksFor(6), TokenServer.pair("t1", "r1"));

    assertThat(assertFails(Reason.TEMPORARY).retryAfter()).contains(Duration.ofSeconds(6));
    assertThat(connection.clock.pauses()).isEmpty();
  }

  private static ResponseDefinitionBuilder asksFor(int seconds) {
    return aResponse().withStatus(429).withHeader("Retry-After", String.valueOf(seconds));
  }

  @Test
  @DisplayName("B18: while a provider is left alone, a token of another process is used")
  void whileAProviderIsLeftAloneATokenOfAnotherProcessIsUsed() {
    server.fails(503);
    assertFails(Reason.TEMPORARY);

    vault.put(
        new TokenSet(
            Secret.of("theirs"),
            Secret.of("r1"),
            clock.instant(),
            clock.instant().plusSeconds(3600),
            List.of()));

    assertThat(sent()).isEqualTo("Bearer theirs");
  }

  // B8

  @Test
  @DisplayName("B8: a node whose clock is ahead refreshes early, and once for each token's life")
  void aNodeWhoseClockIsAheadRefreshesOnceForEachTokensLife() {
    server.issues("t1", "r1", 3600);
    clock.set(3600 + 300);
    for (int second = 0; second < 3000; second += 10) {
      clock.set(3900 + second);
      assertThat(sent()).isEqualTo("Bearer t1");
    }
    assertThat(server.requests()).isEqualTo(1);
  }

  /** Opens the connection so that something happens while a token request is under way. */
  private Authenticator openWhile(Runnable happening) {
    Runnable once = once(happening);
    return open(
        (real, current, progress) -> {
          TokenSet next = real.next(current, progress);
          once.run();
          return next;
        });
  }

  /** As if this process had been stopped for longer than its lease lasts. */
  private void anotherProcessRenews() {
    vault.loseLease();
    try (Lease theirs = vault.lease(vault.version(), Duration.ZERO).orElseThrow()) {
      theirs.replace(vault.version(), tokens("theirs", "r-theirs", 3600).toValues());
    }
  }
}
