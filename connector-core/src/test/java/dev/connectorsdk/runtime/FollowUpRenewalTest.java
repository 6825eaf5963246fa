package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.silence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRecovered;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.fixtures.RawTokenEndpoint.Answer;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A provider whose short-lived token has to be taken elsewhere for the one that calls use, and who
 * takes each refresh token once: whatever becomes of the second request, the grant stays.
 */
@Tag("B14")
@Tag("B16")
@Timeout(60)
class FollowUpRenewalTest extends RawProviderTest {

  private final Deque<Answer> longer = new ConcurrentLinkedDeque<>();
  private int issued;

  @BeforeEach
  void aTokenThatHasExpired() {
    theServiceAccepts("long");
    provider.answers(this::answer);
    signIn();
    provider.answers(this::answer);
    clock.advance(Duration.ofHours(2));
    events.clear();
  }

  @Override
  Connector connector() {
    OAuth2Scheme scheme =
        OAuth2Scheme.authorizationCode(url() + "/authorize", provider.url() + "/token")
            .then(
                RequestTemplate.post(provider.url() + "/longer")
                    .parameter("token", "{access_token}"));
    return Connector.builder("tickets", url())
        .auth(AuthOption.oauth2(scheme).named("signIn"))
        .action(Tickets.GET)
        .build();
  }

  private Answer answer(String request) {
    if (request.startsWith("POST /longer ")) {
      Answer next = longer.poll();
      return next == null ? json(200, "{\"access_token\":\"long\",\"expires_in\":3600}") : next;
    }
    boolean known =
        request.contains("grant_type=authorization_code")
            || request.contains("refresh_token=r" + issued + "&")
            || request.endsWith("refresh_token=r" + issued);
    if (!known) {
      return json(400, "{\"error\":\"invalid_grant\"}");
    }
    issued++;
    return pair("short", "r" + issued);
  }

  private static Answer down() {
    return json(503, "");
  }

  @Test
  void aCallSucceedsIfTheSecondRequestFailsOnce() {
    longer.add(down());

    call(runtime);

    assertThat(provider.spent()).containsExactly("r1", "r2");
    assertNothingHappened();
  }

  @Test
  void callsFailForNowWhileTheSecondRequestFailsAndSucceedAfterwards() {
    for (int attempt = 0; attempt < 6; attempt++) {
      longer.add(down());
    }

    assertFailsForNow(runtime);
    clock.advance(Duration.ofSeconds(10));
    assertFailsForNow(runtime);
    clock.advance(Duration.ofSeconds(20));
    call(runtime);

    assertThat(provider.spent()).containsExactly("r1", "r2", "r3", "r4", "r5", "r6", "r7");
    assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
    assertThat(events).filteredOn(CredentialRefreshFailed.class::isInstance).hasSize(2);
    assertThat(events).filteredOn(CredentialRecovered.class::isInstance).hasSize(1);
  }

  @Test
  void anotherNodeGoesOnWhereOneFailed() {
    for (int attempt = 0; attempt < 3; attempt++) {
      longer.add(down());
    }
    assertFailsForNow(runtime);

    try (ConnectorRuntime other = with(builder()).build()) {
      call(other);
    }

    assertThat(provider.spent()).containsExactly("r1", "r2", "r3", "r4");
    clock.advance(Duration.ofSeconds(10));
    call(runtime);
    assertThat(provider.spent()).as("one renewal for both").hasSize(4);
    assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
  }

  @Test
  void anotherNodeGoesOnWhereOneWasShutDown() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    longer.add(
        (client, closed) -> {
          asked.countDown();
          silence().to(client, closed);
        });
    ConnectorRuntime closing = with(builder()).build();
    CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(closing));
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    closeWithoutWaiting(closing);
    assertThat(call.handle((done, failure) -> failure).get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ConnectorException.class);

    call(runtime);

    assertThat(provider.spent()).containsExactly("r1", "r2");
    assertNothingHappened();
  }

  /** An interrupted thread does not wait until the answer has come, which here it never does. */
  private static void closeWithoutWaiting(ConnectorRuntime runtime) {
    Thread.currentThread().interrupt();
    runtime.close();
    assertThat(Thread.interrupted()).isTrue();
  }

  private void assertNothingHappened() {
    assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
    assertThat(events).noneMatch(StatusChanged.class::isInstance);
  }

  private static void assertFailsForNow(ConnectorRuntime runtime) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> call(runtime))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.TEMPORARY);
  }
}
