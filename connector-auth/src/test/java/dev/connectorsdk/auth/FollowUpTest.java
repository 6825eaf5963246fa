package dev.connectorsdk.auth;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A renewal of two requests: the first one spends the refresh token and brings the next one, the
 * second one takes the short-lived token of the first to where it becomes the token of calls.
 */
@Tag("B14")
@Tag("B16")
@Timeout(30)
class FollowUpTest extends RenewalTest {

  @BeforeEach
  void anExpiredTokenWithARefreshToken() {
    vault.put(tokens("long0", "r0", 3600, "read"));
    clock.set(3600);
    server.inTurn(
        TokenServer.pair("short1", "r1"),
        TokenServer.pair("short2", "r2"),
        TokenServer.pair("short3", "r3"),
        TokenServer.pair("short4", "r4"));
  }

  @Override
  OAuth2Scheme scheme() {
    return super.scheme().then(longer());
  }

  private static RequestTemplate longer() {
    return RequestTemplate.post(server.followUpUrl()).parameter("token", "{access_token}");
  }

  private static ResponseDefinitionBuilder longLived(String token) {
    return okJson("{\"access_token\":\"" + token + "\",\"expires_in\":3600}");
  }

  private static ResponseDefinitionBuilder down() {
    return aResponse().withStatus(503);
  }

  @Test
  void aRenewalThatSucceedsIsOfferedOnceAndStoredWhole() {
    server.followsUp(longLived("long1"));

    assertThat(sent()).isEqualTo("Bearer long1");

    assertThat(server.spent()).containsExactly("r0");
    assertThat(vault.contents())
        .containsEntry("access_token", "long1")
        .containsEntry("refresh_token", "r1")
        .containsEntry("expires_at", "2026-01-01T14:00:00Z");
    assertThat(vault.leases).isEqualTo(1);
  }

  @Test
  void aRefreshTokenThatDoesNotRotateIsStoredWithTheRestOnly() {
    server.issues("short1", 60);
    server.followsUp(longLived("long1"));
    int before = vault.writes;

    assertThat(sent()).isEqualTo("Bearer long1");

    assertThat(vault.writes - before).isEqualTo(1);
    assertThat(vault.get("refresh_token")).isEqualTo("r0");
  }

  @Test
  void afterAFollowUpThatFailedOnceTheNewRefreshTokenIsSent() {
    server.followsUp(down(), longLived("long2"));

    assertThat(sent()).isEqualTo("Bearer long2");

    assertThat(server.spent()).containsExactly("r0", "r1");
    assertThat(vault.get("refresh_token")).isEqualTo("r2");
    assertThat(vault.leases).as("one lease for all").isEqualTo(1);
    assertThat(connection.failures).isEmpty();
  }

  @Test
  void aFollowUpThatKeepsFailingCostsTimeAndNoGrant() {
    server.followsUp(down());

    assertFails(Reason.TEMPORARY);

    assertThat(server.spent()).containsExactly("r0", "r1", "r2");
    assertThat(vault.contents())
        .containsEntry("access_token", "long0")
        .containsEntry("refresh_token", "r3")
        .containsEntry("expires_at", "2026-01-01T13:00:00Z")
        .containsEntry("scope", "read");

    server.followsUp(longLived("long4"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(sent()).isEqualTo("Bearer long4");
    assertThat(server.spent()).containsExactly("r0", "r1", "r2", "r3");
    assertThat(vault.get("refresh_token")).isEqualTo("r4");
  }

  @Test
  void anotherNodeGoesOnWithTheNewRefreshToken() {
    server.followsUp(down());
    assertFails(Reason.TEMPORARY);

    TestConnection other = node(vault);
    other.clock.set(3600);
    server.followsUp(longLived("long4"));

    assertThat(sentBy(other.open(scheme()))).isEqualTo("Bearer long4");
    assertThat(server.spent()).containsExactly("r0", "r1", "r2", "r3");
  }

  @Test
  void aNewRefreshTokenSurvivesThatTheFollowUpIsCancelled() {
    server.followsUp(longLived("long2"));
    Authenticator interrupted = openAndOnceRotated(() -> Thread.currentThread().interrupt());

    assertThatExceptionOfType(CallCancelledException.class).isThrownBy(() -> sentBy(interrupted));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(vault.get("refresh_token")).isEqualTo("r1");

    assertThat(sentBy(interrupted)).isEqualTo("Bearer long2");
    assertThat(server.spent()).containsExactly("r0", "r1");
  }

  @Test
  void aNewRefreshTokenSurvivesThatTheFollowUpLacksItsClient() {
    Authenticator misconfigured =
        connection.open(
            super.scheme()
                .then(longer().clientAuthentication(ClientAuthentication.PRIVATE_KEY_JWT)));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> sentBy(misconfigured))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.CONFIGURATION);

    assertThat(vault.get("refresh_token")).isEqualTo("r1");
  }

  @Test
  void aNewRefreshTokenSurvivesTheEndOfItsProcess() {
    Authenticator dying =
        openAndOnceRotated(
            () -> {
              vault.loseLease();
              throw new OutOfMemoryError("of the test");
            });
    assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(() -> sentBy(dying));

    server.followsUp(longLived("long2"));
    assertThat(sent()).isEqualTo("Bearer long2");
    assertThat(server.spent()).containsExactly("r0", "r1");
  }

  @Test
  void aNewRefreshTokenThatTheStoreDidNotTakeIsStoredByTheNextCall() {
    server.followsUp(longLived("long2"));
    vault.failWrites(1_000);
    assertThatExceptionOfType(StoreException.class).isThrownBy(this::sent);
    assertThat(server.followUps()).as("not before it is stored").isZero();

    vault.failWrites(0);
    assertThat(sent()).isEqualTo("Bearer long2");
    assertThat(server.spent()).containsExactly("r0", "r1");
    assertThat(vault.get("refresh_token")).isEqualTo("r2");
  }

  @Test
  void whatSomebodyElseStoredMeanwhileStays() {
    server.followsUp(longLived("long1"));
    Authenticator slow = openAndOnceRotated(() -> vault.put(tokens("theirs", "r-theirs", 3600)));

    assertThat(sentBy(slow)).isEqualTo("Bearer theirs");
    assertThat(vault.get("refresh_token")).isEqualTo("r-theirs");
  }

  @Test
  void aTokenThatStillWorksIsSentWhileFollowUpsFail() {
    clock.set(3599);
    server.followsUp(down());

    long version = authenticator.authenticate(new TestRequest());

    assertThat(vault.get("refresh_token")).isEqualTo("r3");
    assertThat(connection.failures).hasSize(1);
    // The attempts took longer than the second that was left.
    clock.set(3599);
    TestRequest again = new TestRequest();
    assertThat(authenticator.authenticate(again)).as("no news for anybody").isEqualTo(version);
    assertThat(again.headers).containsEntry("Authorization", "Bearer long0");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("B17")
  void aRefusedTokenIsNotSentAgainBecauseItsRefreshTokenIsNew(boolean sameNode) {
    clock.set(1000);
    TestConnection other = node(vault);
    other.clock.set(1000);
    Authenticator elsewhere = other.open(scheme());
    long refused = authenticator.authenticate(new TestRequest());
    long refusedElsewhere = elsewhere.authenticate(new TestRequest());
    server.followsUp(down());
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> authenticator.renew(refused, Instant.MAX))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.TEMPORARY);

    server.followsUp(longLived("long4"));
    Authenticator next = sameNode ? authenticator : elsewhere;
    clock.advance(Duration.ofSeconds(10));
    assertThat(next.renew(sameNode ? refused : refusedElsewhere, Instant.MAX)).isTrue();

    assertThat(sentBy(next)).isEqualTo("Bearer long4");
    assertThat(server.spent()).containsExactly("r0", "r1", "r2", "r3");
  }

  @Test
  void anIdleGrantIsKeptAliveOnceItsFollowUpsSucceedAgain() {
    clock.set(1000);
    assertThat(sent()).isEqualTo("Bearer long0");
    server.followsUp(down());
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> authenticator.keepAlive(clock.instant()));

    server.followsUp(longLived("long4"));
    clock.advance(Duration.ofSeconds(10));
    assertThat(authenticator.keepAlive(clock.instant())).isTrue();

    assertThat(server.spent()).containsExactly("r0", "r1", "r2", "r3");
    assertThat(authenticator.keepAlive(clock.instant())).as("done").isFalse();
  }

  @Test
  @Tag("B13")
  void aGrantThatEndsWhileFollowUpsFailIsNotTakenForALostOutcome() {
    server.inTurn(TokenServer.pair("short1", "r1"), TokenServer.refusal("invalid_grant"));
    server.followsUp(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

    for (int call = 0; call < 3; call++) {
      assertThat(assertFails(Reason.GRANT_ENDED).problem())
          .isEqualTo(
              "the service has ended the grant, so there will be no token until somebody signs in");
    }

    assertThat(server.spent()).containsExactly("r0", "r1");
    assertThat(connection.failures).hasSize(1);
  }

  /** Opens the connection so that something happens when its first new refresh token is stored. */
  private Authenticator openAndOnceRotated(Runnable happening) {
    Runnable once = once(happening);
    return open(
        (real, current, progress) ->
            real.next(
                current,
                new TokenStep.Progress() {
                  @Override
                  public void sending() {
                    progress.sending();
                  }

                  @Override
                  public void rotated(TokenSet tokens) {
                    progress.rotated(tokens);
                    once.run();
                  }
                }));
  }
}
