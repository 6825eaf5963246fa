package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTest extends RenewalTest {

  @Test
  void withoutSignInThereIsNoToken() {
    assertFails(Reason.CONSENT_PENDING, "Connection 'c1': nobody has signed in yet");
    assertThat(server.requests()).isZero();
  }

  @Test
  void aDueTokenIsReplacedByItsRefreshToken() {
    signedIn("t0", "r0", 3600);
    server.issues("t1", "r1", 3600);

    clock.set(3300);

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.form())
        .containsOnly(entry("grant_type", "refresh_token"), entry("refresh_token", "r0"));
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @Test
  @Tag("B9")
  void anAnswerWithoutRefreshTokenKeepsTheOldOne() {
    signedIn("t0", "r0", 3600);

    server.issues("t1", "r1", 3600);
    clock.set(3600);
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");

    server.issues("t2", 3600);
    clock.set(7200);
    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");

    server.issues("t3", "r2", 3600);
    clock.set(10800);
    assertThat(sent()).isEqualTo("Bearer t3");
    assertThat(vault.get("refresh_token")).isEqualTo("r2");

    assertThat(server.spent()).containsExactly("r0", "r1", "r1");
    assertThat(vault.version()).isEqualTo(4);
  }

  @Test
  @Tag("A9")
  void anAnswerWithoutScopeKeepsWhatWasGranted() {
    vault.put(
        new TokenSet(
            Secret.of("t0"),
            Secret.of("r0"),
            clock.instant(),
            clock.instant().plusSeconds(60),
            List.of("read", "write")));
    server.issues("t1", 3600);
    clock.set(60);

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("scope")).isEqualTo("read write");
  }

  @Test
  void aTokenWithoutRefreshTokenIsUsedToTheEndOfItsLife() {
    signedIn("t0", null, 3600);

    clock.set(3599);
    assertThat(sent()).isEqualTo("Bearer t0");

    clock.set(3600);
    assertFails(
        Reason.EXPIRED,
        "Connection 'c1': the token has expired, and the service gave nothing to renew it with");
    assertThat(server.requests()).isZero();
  }

  @Test
  @Tag("B17")
  void aRefusedTokenWithoutRefreshTokenCannotBeRenewed() {
    signedIn("t0", null, 3600);
    long refused = authenticator.authenticate(new TestRequest());

    assertThat(authenticator.renew(refused, Instant.MAX)).isFalse();

    signedIn("t1", null, 3600);
    assertThat(authenticator.renew(refused, Instant.MAX)).as("after another sign-in").isTrue();
  }

  @Test
  @Tag("B13")
  void anInvalidGrantIsFinalAndTheServiceIsNotAskedAgain() {
    signedIn("t0", "r0", 3600);
    server.refuses("invalid_grant");
    clock.set(3600);

    for (int call = 0; call < 1_000; call++) {
      assertFails(
          Reason.GRANT_ENDED,
          "Connection 'c1': the service has ended the grant, so there will be no token until"
              + " somebody signs in");
    }

    assertThat(server.requests()).isEqualTo(1);
    assertThat(vault.contents()).as("nothing is erased").containsEntry("refresh_token", "r0");
  }

  @Test
  @Tag("B13")
  void afterTheEndOfAGrantAnotherSignInIsNoticed() {
    signedIn("t0", "r0", 3600);
    server.refuses("invalid_grant");
    clock.set(3600);
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::sent);

    signedIn("t1", "r1", 3600);

    assertThat(sent()).isEqualTo("Bearer t1");
  }

  @Test
  @Tag("B13")
  void anInvalidGrantCountsForNothingIfAnotherProcessHasRefreshedMeanwhile() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    // The other process is between our reading of the vault and the answer to our request.
    server.refuses("invalid_grant");
    Authenticator slow = openWhile(() -> signedIn("theirs", "r1", 3600));

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");
    assertThat(server.spent()).containsExactly("r0");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @Test
  @Tag("B13")
  void aRefusedTokenWhoseGrantHasEndedIsReportedAsThat() {
    signedIn("t0", "r0", 3600);
    long refused = authenticator.authenticate(new TestRequest());
    server.refuses("invalid_grant");

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> authenticator.renew(refused, Instant.MAX))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.GRANT_ENDED);
  }

  @Test
  void aTokenThatAnotherProcessStoredWhileWeAskedIsUsedAndOursDropped() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.issues("ours", "r-ours", 3600);
    Authenticator slow = openWhile(() -> signedIn("theirs", "r-theirs", 3600));

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");
    assertThat(vault.get("refresh_token")).isEqualTo("r-theirs");
  }

  @Test
  void aNewRefreshTokenIsKeptIfTheOldValuesWereEncryptedAnewWhileWeAsked() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.issues("t1", "r1", 3600);
    Authenticator slow = openWhile(() -> vault.put(vault.read().values()));

    assertThat(sentBy(slow)).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(server.spent()).containsExactly("r0");
  }

  @ParameterizedTest
  @Tag("B18")
  @ValueSource(strings = {"invalid_client", "unsupported_grant_type"})
  void aRefusedClientEndsNoGrant(String code) {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.refuses(code);

    assertFails(
        Reason.CONFIGURATION,
        "Connection 'c1': the token endpoint at localhost refused the request: " + code);

    server.issues("t1", 3600);
    assertFails(
        Reason.CONFIGURATION,
        "Connection 'c1': the token endpoint at localhost refused the request: " + code);
    clock.set(3605);
    assertThat(sent()).as("after the pause that a failure brings").isEqualTo("Bearer t1");
    assertThat(server.spent()).containsExactly("r0", "r0");
  }

  @Test
  @Tag("B15")
  void aRotatedRefreshTokenIsNotLostWhileTheVaultCannotBeWritten() {
    signedIn("t0", "r0", 3600);
    server.issues("t1", "r1", 3600);
    vault.readOnly(true);

    clock.set(3300);
    assertThat(sent()).as("the stored one, still valid").isEqualTo("Bearer t0");

    clock.set(3600);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);

    vault.readOnly(false);
    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(vault.get("refresh_token")).isEqualTo("r1");
    assertThat(server.spent()).containsExactly("r0");
  }

  @Test
  @Tag("B14")
  void valuesThatWereEncryptedAnewBeforeTheLeaseAreAsOldAsTheyWere() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.issues("t1", "r1", 3600);
    vault.beforeLease(() -> vault.put(vault.read().values()));

    assertThat(sent()).isEqualTo("Bearer t1");
    assertThat(server.spent()).containsExactly("r0");
  }

  @Test
  @Tag("B15")
  void whatWasKeptUntilTheVaultTookItMayHaveExpiredByThen() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.inTurn(TokenServer.pair("t1", "r1"), TokenServer.pair("t2", "r2"));
    vault.failWrites(7);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);

    clock.advance(Duration.ofHours(2));

    assertThat(sent()).isEqualTo("Bearer t2");
    assertThat(server.spent()).containsExactly("r0", "r1");
  }

  @Test
  @Tag("B8")
  void aTokenThatHasExpiredOnItsWayIsAsGoodAsItGets() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    server.issues("t1", "r1", 60);
    Authenticator slow = openWhile(() -> clock.advance(Duration.ofMinutes(2)));

    assertThat(sentBy(slow)).isEqualTo("Bearer t1");
  }

  @Test
  @Tag("B13")
  void thatAGrantHasEndedIsNotReportedOnceMoreByWhoHearsItFromOthers() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    authenticator =
        open(
            (real, current, progress) -> {
              throw AuthenticationException.grantEnded(
                  connection.connection(), vault.version(), "has ended", null);
            });

    assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo("has ended");
    assertThat(assertFails(Reason.GRANT_ENDED).problem()).isEqualTo("has ended");
    assertThat(connection.failures).isEmpty();
  }

  @Test
  @Tag("B18")
  void whatOthersMetPutsARefreshOffForAsLongAsItDoesThem() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    AtomicInteger steps = new AtomicInteger();
    StepFailure busy = new StepFailure(Kind.RATE_LIMITED, "is busy");
    authenticator =
        open(
            (real, current, progress) -> {
              steps.incrementAndGet();
              throw StepFailure.unasked(busy, Duration.ofSeconds(7));
            });

    for (int round = 1; round <= 3; round++) {
      assertThat(assertFails(Reason.TEMPORARY).retryAfter()).contains(Duration.ofSeconds(7));
      clock.advance(Duration.ofSeconds(6));
      assertThat(assertFails(Reason.TEMPORARY).retryAfter()).contains(Duration.ofSeconds(1));
      assertThat(steps).hasValue(round);
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  @Tag("B18")
  void thatAProviderIsDownIsTheReasonEvenIfTheStoreIsTooByThen() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    authenticator =
        open(
            (real, current, progress) -> {
              vault.down(true);
              throw new StepFailure(Kind.UNAVAILABLE, "is down", Duration.ofSeconds(10), null);
            });

    assertThat(assertFails(Reason.TEMPORARY).problem()).isEqualTo("is down");
  }

  @Test
  @Tag("B11")
  void thatAnotherProcessHasTheLeaseForTooLongIsReported() {
    signedIn("t0", "r0", 3600);
    clock.set(3600);
    vault.lease(vault.version(), Duration.ZERO);

    AuthenticationException failure = assertFails(Reason.TEMPORARY);

    assertThat(connection.failures).containsExactly(failure);
  }

  @Test
  @Tag("B18")
  void aClientThatIsRefusedEarlyMattersOnceTheTokenHasExpired() {
    signedIn("t0", "r0", 3600);
    server.refuses("invalid_client");

    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t0");
    clock.set(3600);
    assertFails(Reason.CONFIGURATION);

    assertThat(connection.failures)
        .extracting(failure -> ((AuthenticationException) failure).retryAfter())
        .containsExactly(Optional.of(Duration.ofMinutes(5)), Optional.empty());
  }

  @Test
  @Tag("B18")
  void afterAnEarlyRefreshHasFailedCallsReadNothingForAWhile() {
    signedIn("t0", "r0", 3600);
    server.fails(503);
    clock.set(3300);
    assertThat(sent()).isEqualTo("Bearer t0");
    int reads = vault.reads;

    for (int call = 0; call < 10; call++) {
      assertThat(sent()).isEqualTo("Bearer t0");
    }

    assertThat(vault.reads).isEqualTo(reads);
  }

  @Test
  void whatTheVaultHoldsReadsBackAsItWasWritten() {
    Instant now = Instant.parse("2026-01-01T12:00:00.123456789Z");
    TokenSet full =
        new TokenSet(
            Secret.of("a"), Secret.of("r"), now, now.plusSeconds(60), List.of("read", "write"));
    TokenSet bare = new TokenSet(Secret.of("a"), null, now, null, List.of());

    assertThat(TokenSet.fromValues(full.toValues(), Instant.EPOCH)).isEqualTo(full);
    assertThat(TokenSet.fromValues(bare.toValues(), Instant.EPOCH)).isEqualTo(bare);
    assertThat(TokenSet.fromValues(Map.of(), now)).isNull();
  }

  private void signedIn(String accessToken, @Nullable String refreshToken, long seconds) {
    vault.put(tokens(accessToken, refreshToken, seconds));
  }

  /** Opens the connection so that something happens whenever a token request is on its way. */
  private Authenticator openWhile(Runnable happening) {
    return open(
        (real, current, progress) -> real.next(current, new Happening(progress, happening)));
  }

  private record Happening(TokenStep.Progress progress, Runnable happening)
      implements TokenStep.Progress {

    @Override
    public void sending() {
      progress.sending();
      happening.run();
    }

    @Override
    public void rotated(TokenSet tokens) {
      progress.rotated(tokens);
    }
  }

  private void assertFails(Reason reason, String message) {
    assertThat(assertFails(reason)).hasMessage(message);
  }
}
