package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A connection is deleted while the service cannot be asked to forget what was registered with it:
 * its credential serves for that alone, for an hour at most.
 */
@Tag("G14")
class DeletedWithRegistrationsTest extends WebhookHostTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder)
        .client("tickets", "signIn", CLIENT)
        .client("tickets", "revoked", CLIENT);
  }

  private ConnectionId connection() {
    return runtime.connections().list(ADA).get(0).id();
  }

  /**
   * Subscribes, and deletes the connection of that while the service refuses to remove the hook.
   */
  private Subscription subscribeAndDelete() {
    Subscription subscription = subscribeToHook();
    service.stubFor(delete(anyUrl()).willReturn(status(403)));
    assertThat(runtime.connections().delete(ADA, connection())).isTrue();
    return subscription;
  }

  private void run(Duration time) {
    for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(MINUTE)) {
      runAfter(MINUTE);
    }
  }

  private void requireKept() {
    assertThat(store.listDeletedConnections()).hasSize(1);
    assertThat(store.countCredentialsByKey()).isNotEmpty();
  }

  private void requireGone() {
    assertThat(store.listDeletedConnections()).isEmpty();
    assertThat(store.countCredentialsByKey()).isEmpty();
  }

  @Test
  void itIsTriedAgainWithTheCredentialUntilTheServiceHasForgotten() {
    Subscription subscription = subscribeAndDelete();
    run(Duration.ofMinutes(4));
    requireKept();
    service.stubFor(delete(anyUrl()).willReturn(noContent()));

    run(Duration.ofMinutes(20));

    service.verify(
        3,
        deleteRequestedFor(urlEqualTo("/hooks/h-1")).withHeader("X-Api-Key", equalTo("ada-key")));
    requireGone();
    assertThat(inspect(subscription).orphans()).isZero();
  }

  @Test
  void afterFiveTriesWithinAnHourTheCredentialGoesAllTheSame() {
    Subscription subscription = subscribeAndDelete();

    run(Duration.ofMinutes(45));
    requireKept();
    run(Duration.ofMinutes(15));

    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireGone();
    assertThat(inspect(subscription).orphans()).isEqualTo(1);
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(410);
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aDirectoryOfFlowsThatHangsHoldsNobodyUp() {
    runtime.close();
    runtime =
        inHost(builder())
            .freshness(Duration.ofSeconds(1))
            .handler("announce", Item.class, (item, event) -> {})
            .stopped();
    Subscription subscription = subscribeToHook();
    clock.advance(Duration.ofSeconds(1));
    whenAFlowIsLookedFor(DeletedWithRegistrationsTest::hang);

    assertThat(runtime.connections().delete(ADA, connection())).isTrue();

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireGone();
    assertThat(inspect(subscription).orphans()).isZero();
  }

  private static void hang() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("It was interrupted", e);
    }
  }

  @Test
  void theHostSaysWithinWhichTime() {
    runtime.close();
    runtime =
        inHost(builder())
            .handler("announce", Item.class, (item, event) -> {})
            .longestRemoval(Duration.ofHours(10))
            .stopped();
    subscribeAndDelete();

    run(Duration.ofHours(7));
    service.verify(4, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireKept();
    run(Duration.ofHours(3));
    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireGone();
  }

  @Test
  void meanwhileItIsGoneForEverybody() {
    ConnectionId gone = connect(ADA, "gone").id();
    runtime.connections().delete(ADA, gone);
    subscribeToHook();
    ConnectionId kept = connection();
    service.stubFor(delete(anyUrl()).willReturn(status(403)));
    assertThat(runtime.connections().delete(ADA, kept)).isTrue();
    int asked = service.getAllServeEvents().size();

    for (Use use : List.<Use>of(this::get, this::test, this::update, this::bind, this::signIn)) {
      assertThat(refusal(use, kept)).isEqualTo(refusal(use, gone));
    }
    assertThatExceptionOfType(ResolutionException.class)
        .isThrownBy(() -> runtime.invoke(ADAS_FLOW, SHARED, Tickets.GET, new TicketId("1")));
    assertThatExceptionOfType(ResolutionException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(runtime.connections().delete(ADA, kept)).isFalse();
    assertThat(runtime.keepAlive(Duration.ZERO)).isZero();
    assertThat(service.getAllServeEvents()).hasSize(asked);
    requireKept();
  }

  /** What its owner might do with a connection. */
  private interface Use {
    void with(ConnectionId id);
  }

  private static String refusal(Use use, ConnectionId id) {
    ConnectorException refusal = catchThrowableOfType(ConnectorException.class, () -> use.with(id));
    return (refusal.getClass() + ": " + refusal.getMessage()).replace(id.value(), "it");
  }

  private void get(ConnectionId id) {
    runtime.connections().get(ADA, id);
  }

  private void test(ConnectionId id) {
    runtime.connections().test(ADA, id);
  }

  private void update(ConnectionId id) {
    ConnectionSpec spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("x"));
    runtime.connections().update(ADA, id, spec);
  }

  private void bind(ConnectionId id) {
    runtime.references().bind(ADA, SHARED, id);
  }

  private void signIn(ConnectionId id) {
    ConsentOptions options =
        ConsentOptions.standard().redirectUri(URI.create("https://app.test/callback/tickets"));
    runtime.consents().begin(ADA, id, "session", options);
  }

  @Test
  void whatTheServiceStillSendsIsRefused() {
    subscribeAndDelete();

    assertThat(send(told(), "T-1").statusCode()).isEqualTo(410);

    run();
    assertThat(handled).isEmpty();
  }

  @Test
  void anyProcessGoesOnWithItThoughItHasNotTheHandler() {
    subscribeAndDelete();
    service.stubFor(delete(anyUrl()).willReturn(noContent()));
    try (ConnectorRuntime other =
        inHost(builder()).handler("another", Item.class, (item, event) -> {}).stopped()) {
      runtime.close();
      clock.advance(MINUTE);

      other.triggerModule().runDue();

      service.verify(2, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
      requireGone();
    }
  }

  @Test
  void ofTwoProcessesOneTriesAtATime() {
    subscribeAndDelete();
    try (ConnectorRuntime other =
        inHost(builder()).handler("another", Item.class, (item, event) -> {}).stopped()) {
      for (int minute = 0; minute < 60; minute++) {
        runAfter(MINUTE);
        other.triggerModule().runDue();
      }
    }

    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireGone();
  }

  @Test
  void aProcessThatEndedRightAfterTheDeletionWasStoredIsMadeUpFor() {
    Subscription subscription = subscribeToHook();
    StoredConnection row = store.findConnection(connection()).orElseThrow();
    var deleted =
        ConnectionStatus.notConnected(State.ERROR, Reason.DELETED, "Deleted", clock.instant());
    StoredConnection next = row.next(clock.instant()).with(row.access().withStatus(deleted));
    assertThat(store.updateConnection(next, row.version(), List.of())).isTrue();
    restart();

    run();

    service.verify(1, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    requireGone();
    assertThat(inspect(subscription).orphans()).isZero();
  }

  @Test
  void anotherConnectionTakesOverMeanwhile() {
    Subscription subscription = subscribeAndDelete();
    makesHooks("h-2", null);
    bindAdasConnection();

    runAfter(ROUND);
    run(Duration.ofHours(1));

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    service.verify(5, deleteRequestedFor(urlEqualTo("/hooks/h-1")));
    service.verify(0, deleteRequestedFor(urlEqualTo("/hooks/h-2")));
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
    assertThat(store.listDeletedConnections()).isEmpty();
  }

  @Test
  void itsTokenIsRenewedForThatAndRevokedInTheEnd() {
    issues("authorization_code", "t0", "r0");
    service.stubFor(post("/revoke").willReturn(ok()));
    Connection connection =
        SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "revoked"), "c");
    runtime.references().bind(ADA, SHARED, connection.id());
    subscribeToHook();
    service.stubFor(delete(anyUrl()).willReturn(status(503).withHeader("Retry-After", "60")));
    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();
    assertThat(heard(CredentialRevoked.class)).isEmpty();
    issues("refresh_token", "t1", "r1");
    service.stubFor(
        delete(anyUrl()).withHeader("Authorization", equalTo("Bearer t1")).willReturn(noContent()));
    clock.advance(Duration.ofHours(2));

    run();

    service.verify(
        1, deleteRequestedFor(anyUrl()).withHeader("Authorization", equalTo("Bearer t1")));
    service.verify(postRequestedFor(urlEqualTo("/revoke")).withRequestBody(containing("r1")));
    assertThat(heard(CredentialRevoked.class)).hasSize(1);
    assertThat(store.findCredential(connection.id(), "acquired")).isEmpty();
  }

  @Override
  Connector connector() {
    OAuth2Scheme signIn =
        OAuth2Scheme.authorizationCode(url() + "/authorize", url() + "/token")
            .revocationUrl(url() + "/revoke")
            .answer(answer -> answer.capture("project", "/project"));
    return Tickets.builder(url())
        .auth(AuthOption.oauth2(signIn).named("revoked"))
        .trigger(trigger())
        .build();
  }

  private static void issues(String grant, String access, String refresh) {
    service.stubFor(
        post("/token")
            .withRequestBody(containing("grant_type=" + grant))
            .willReturn(
                okJson(
                    "{\"access_token\":\"%s\",\"refresh_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"project\":\"of %s\"}"
                        .formatted(access, refresh, access))));
  }
}
