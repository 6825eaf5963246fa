package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRefreshFailed;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a host hears of credentials that cannot be renewed, and how it keeps idle ones alive. */
class CredentialCareTest extends HostTest {

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client("tickets", "signIn", CLIENT);
  }

  @BeforeEach
  void theServiceIssuesTokensForAnHour() {
    issues("authorization_code", "t0", "r0");
    service.stubFor(get(urlEqualTo("/tickets/1")).willReturn(okJson("{\"id\":\"1\"}")));
  }

  @Test
  @DisplayName("An idle refresh token is renewed before it dies of that, a busy one is left alone")
  void anIdleRefreshTokenIsRenewedBeforeItDiesOfThat() {
    signIn(ADA);
    issues("refresh_token", "t1", "r1");
    clock.advance(Duration.ofDays(29));
    assertThat(runtime.keepAlive(Duration.ofDays(30))).isZero();

    clock.advance(Duration.ofDays(2));
    assertThat(runtime.keepAlive(Duration.ofDays(30))).isEqualTo(1);
    assertThat(runtime.keepAlive(Duration.ofDays(30))).isZero();

    service.verify(
        1, postRequestedFor(urlEqualTo("/token")).withRequestBody(containing("refresh_token=r0")));
  }

  @Test
  @DisplayName("One that cannot be kept alive does not keep the others from it")
  void oneThatCannotBeKeptAliveDoesNotKeepTheOthersFromIt() {
    signIn(ADA);
    connect(BOB, "key");
    answers("refresh_token", aResponse().withStatus(503));
    clock.advance(Duration.ofDays(31));

    assertThat(runtime.keepAlive(Duration.ofDays(30))).isZero();

    assertThat(heard(CredentialRefreshFailed.class))
        .extracting(CredentialRefreshFailed::retryable)
        .containsExactly(true);
    assertThat(runtime.connections().list(ADA))
        .extracting(Connection::status)
        .singleElement()
        .matches(ConnectionStatus::isConnected);
  }

  @Test
  @DisplayName("Nothing is read of credentials whose time has not come")
  void nothingIsReadOfCredentialsWhoseTimeHasNotCome() {
    List<String> asked = new ArrayList<>();
    try (ConnectorRuntime own = with(builder()).store(noting(asked), KeyRing.random()).build()) {
      signIn(own, ADA);
      connect(own, BOB);
      clock.advance(Duration.ofDays(29));
      asked.clear();

      assertThat(own.keepAlive(Duration.ofDays(30))).isZero();

      assertThat(asked).containsExactlyInAnyOrder("listUnrenewed", "listExpiring");
    }
  }

  @Test
  @DisplayName("What an earlier version stored is looked at once")
  void whatAnEarlierVersionStoredIsLookedAtOnce() {
    InMemoryStore store = new InMemoryStore();
    List<String> asked = new ArrayList<>();
    try (ConnectorRuntime own =
        with(builder()).store(noting(asked, store), KeyRing.random()).build()) {
      ConnectionId id = signIn(own, ADA);
      long version = store.findCredential(id, "acquired").orElseThrow().version();
      store.noteRenewal(id, "acquired", version, Renewal.UNKNOWN);
      clock.advance(Duration.ofDays(29));
      asked.clear();

      assertThat(own.keepAlive(Duration.ofDays(30))).isZero();
      assertThat(asked).contains("findWithCredentials", "noteRenewal");
      asked.clear();
      assertThat(own.keepAlive(Duration.ofDays(30))).isZero();
      assertThat(asked).doesNotContain("findCredential", "findWithCredentials");

      issues("refresh_token", "t1", "r1");
      clock.advance(Duration.ofDays(2));
      assertThat(own.keepAlive(Duration.ofDays(30))).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("A token without a refresh token is never looked at, however old it is")
  void aTokenWithoutARefreshTokenIsNeverLookedAt() {
    answers("authorization_code", okJson("{\"access_token\":\"t0\",\"token_type\":\"Bearer\"}"));
    List<String> asked = new ArrayList<>();
    try (ConnectorRuntime own = with(builder()).store(noting(asked), KeyRing.random()).build()) {
      signIn(own, ADA);
      clock.advance(Duration.ofDays(400));
      asked.clear();

      assertThat(own.keepAlive(Duration.ofDays(30))).isZero();

      assertThat(asked).doesNotContain("findCredential", "findWithCredentials", "findConnection");
    }
  }

  @Test
  @DisplayName("F6: whoever is interrupted keeps nothing else alive")
  void whoeverIsInterruptedKeepsNothingElseAlive() {
    signIn(ADA);
    issues("refresh_token", "t1", "r1");
    clock.advance(Duration.ofDays(31));

    Thread.currentThread().interrupt();
    assertThatExceptionOfType(CallCancelledException.class)
        .isThrownBy(() -> runtime.keepAlive(Duration.ofDays(30)));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(renewals()).isZero();
  }

  @Test
  @DisplayName("What expires by itself soon is told")
  void whatExpiresByItselfSoonIsTold() {
    ConnectionSpec key =
        ConnectionSpec.of("tickets", "apiKey")
            .secret("api_key", Secret.of("k"))
            .expiringAt(clock.instant().plus(Duration.ofDays(20)));
    runtime.connections().create(ADA, key);
    runtime.keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).isEmpty();

    clock.advance(Duration.ofDays(6));
    runtime.keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).as("in 14 days").isEmpty();

    clock.advance(Duration.ofDays(1));
    runtime.keepAlive(Duration.ofDays(30));
    runtime.keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).hasSize(1);

    clock.advance(Duration.ofDays(1));
    runtime.keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).hasSize(2);

    clock.advance(Duration.ofDays(12));
    runtime.keepAlive(Duration.ofDays(30));
    assertThat(heard(ConnectorEvent.CredentialExpiring.class)).as("it has expired").hasSize(2);
  }

  @Test
  @DisplayName(
      "Where the host wants it, idle tokens are kept alive by the runtime until it is closed")
  void idleTokensAreKeptAliveByTheRuntime() throws Exception {
    Ticks ticks = new Ticks();
    ConnectorRuntime own =
        with(builder()).sleeper(ticks).keepAlive(Duration.ofDays(20), Duration.ofDays(1)).build();
    signIn(own, ADA);
    issues("refresh_token", "t1", "r1");
    assertThat(ticks.awaitPause()).as("of the first look").isLessThanOrEqualTo(Duration.ofDays(1));

    ticks.goOn();
    assertThat(ticks.awaitPause()).isEqualTo(Duration.ofDays(1));
    assertThat(renewals()).isZero();
    clock.advance(Duration.ofDays(21));
    ticks.goOn();
    ticks.awaitPause();
    assertThat(renewals()).isEqualTo(1);
    clock.advance(Duration.ofDays(1));
    ticks.goOn();
    ticks.awaitPause();
    assertThat(renewals()).isEqualTo(1);

    own.close();
    assertThat(ticks.sleeper().isAlive()).isFalse();
  }

  @Test
  @DisplayName("A look that fails does not end the looking")
  void aLookThatFailsDoesNotEndTheLooking() throws Exception {
    Ticks ticks = new Ticks();
    InMemoryStore store = new InMemoryStore();
    AtomicBoolean down = new AtomicBoolean();
    try (ConnectorRuntime own =
        with(builder())
            .store(downIf(down, store), KeyRing.random())
            .sleeper(ticks)
            .keepAlive(Duration.ofDays(20), Duration.ofDays(1))
            .build()) {
      signIn(own, ADA);
      issues("refresh_token", "t1", "r1");
      clock.advance(Duration.ofDays(21));
      ticks.awaitPause();
      down.set(true);
      ticks.goOn();
      ticks.awaitPause();
      assertThat(renewals()).isZero();

      down.set(false);
      ticks.goOn();
      ticks.awaitPause();
      assertThat(renewals()).isEqualTo(1);
    }
  }

  /** Lets days pass when a test says so, and shorter pauses at once. */
  private final class Ticks implements Sleeper {
    private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final Semaphore ticks = new Semaphore(0);
    private volatile Thread sleeper = Thread.currentThread();

    @Override
    public void sleep(Duration pause) throws InterruptedException {
      if (pause.compareTo(Duration.ofMinutes(1)) < 0) {
        clock.sleep(pause);
        return;
      }
      sleeper = Thread.currentThread();
      pauses.add(pause);
      ticks.acquire();
    }

    Duration awaitPause() throws InterruptedException {
      Duration pause = pauses.poll(30, TimeUnit.SECONDS);
      assertThat(pause).as("a pause").isNotNull();
      return pause;
    }

    void goOn() {
      ticks.release();
    }

    Thread sleeper() {
      return sleeper;
    }
  }

  private static ConnectorStore downIf(AtomicBoolean down, ConnectorStore store) {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            CredentialCareTest.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              if (down.get()) {
                throw new StoreException("The database is away", true, null);
              }
              return method.invoke(store, arguments);
            });
  }

  /** Returns a store that notes what it is asked. */
  private static ConnectorStore noting(List<String> asked) {
    return noting(asked, new InMemoryStore());
  }

  private static ConnectorStore noting(List<String> asked, ConnectorStore store) {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            CredentialCareTest.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              asked.add(method.getName());
              return method.invoke(store, arguments);
            });
  }

  private static void connect(ConnectorRuntime runtime, Caller caller) {
    runtime
        .connections()
        .create(caller, ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("key")));
  }

  private int renewals() {
    return service
        .findAll(
            postRequestedFor(urlEqualTo("/token")).withRequestBody(containing("refresh_token=")))
        .size();
  }

  private void signIn(Caller caller) {
    signIn(runtime, caller);
  }

  private static ConnectionId signIn(ConnectorRuntime runtime, Caller caller) {
    return SignIns.signIn(runtime, caller, ConnectionSpec.of("tickets", "signIn"), "c").id();
  }

  private static void issues(String grant, String accessToken, String refreshToken) {
    answers(
        grant,
        okJson(
            """
            {"access_token":"%s","refresh_token":"%s","token_type":"Bearer","expires_in":3600}
            """
                .formatted(accessToken, refreshToken)));
  }

  private static void answers(
      String grant, com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder answer) {
    service.stubFor(
        post(urlEqualTo("/token"))
            .withRequestBody(containing("grant_type=" + grant))
            .willReturn(answer));
  }
}
