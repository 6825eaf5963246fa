package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An owner signs in again, or enters something else, while others still go on as before. */
@Timeout(60)
class ChangedElsewhereTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final ConnectionSpec SIGN_IN = ConnectionSpec.of("tickets", "signIn");

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();
  private final Waiting waiting = new Waiting();

  /** A key that is found to have expired when the test says so. */
  record WaitingScheme() implements AuthScheme {
    @Override
    public List<ConnectionParameter> parameters() {
      return List.of(ConnectionParameter.secret("key"));
    }
  }

  private static final class Waiting implements AuthStrategy<WaitingScheme> {

    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch told = new CountDownLatch(1);

    @Override
    public Class<WaitingScheme> schemeType() {
      return WaitingScheme.class;
    }

    @Override
    public Authenticator open(WaitingScheme scheme, AuthContext context) {
      Secret key = context.secret("key");
      return new Authenticator() {
        @Override
        public long authenticate(AuthRequest request) {
          if (key != null && key.reveal().equals("old")) {
            asked.countDown();
            await(told);
            throw new AuthenticationException(
                context.connection(), AuthenticationException.Reason.EXPIRED, "it is over");
          }
          return 1;
        }
      };
    }

    private static void await(CountDownLatch latch) {
      try {
        assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(AuthOption.of("waiting", new WaitingScheme()))
        .test(
            call -> {
              String login = call.http().get("/me").fetch(Tickets.Me.class).login();
              return new Account(login, login);
            })
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, keys).authStrategy(waiting).client("tickets", "signIn", CLIENT);
  }

  @BeforeEach
  void aliceAndBobHaveTokensOfTheirOwn() {
    for (String name : List.of("alice", "bob")) {
      service.stubFor(
          get("/me")
              .withHeader("Authorization", equalTo("Bearer token-of-" + name))
              .willReturn(okJson("{\"login\":\"" + name + "\"}")));
    }
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    issues("authorization_code", okJson("{\"access_token\":\"token-of-alice\"}"));
  }

  @Test
  @DisplayName("C10: what one node has deleted no other uses, 5 s later")
  @Tag("C10")
  void whatOneNodeHasDeletedNoOtherUses() {
    Connection connection = signIn(null, ConsentOptions.standard());
    try (ConnectorRuntime other = with(builder()).build()) {
      call(other);
      runtime.connections().delete(ADA, connection.id());
      service.resetRequests();
      clock.advance(Duration.ofSeconds(5));

      assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
          .isThrownBy(() -> call(other));
      assertThatExceptionOfType(NotFoundException.class)
          .isThrownBy(() -> other.connections().get(ADA, connection.id()));
      assertThat(store.listCredentialsNotUnder("", 10)).isEmpty();
    }
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("A10: after another account has signed in, no node goes on with the former one")
  @Tag("A10")
  void afterAnotherAccountHasSignedInNoNodeGoesOnWithTheFormerOne() {
    Connection connection = signIn(null, ConsentOptions.standard());
    try (ConnectorRuntime other = with(builder()).build()) {
      call(other);
      issues("authorization_code", okJson("{\"access_token\":\"token-of-bob\"}"));
      signIn(connection.id(), ConsentOptions.standard().allowingOtherAccount());
      service.resetRequests();
      clock.advance(Duration.ofSeconds(6));

      call(other);
    }

    service.verify(
        1,
        getRequestedFor(urlEqualTo("/tickets/1"))
            .withHeader("Authorization", equalTo("Bearer token-of-bob")));
  }

  @Test
  @DisplayName("A10: a sign-in that is refused leaves what works as it is, whatever its tokens do")
  @Tag("A10")
  void aSignInThatIsRefusedLeavesWhatWorksAsItIs() {
    Connection connection = signIn(null, ConsentOptions.standard());
    issues(
        "authorization_code",
        okJson("{\"access_token\":\"bad\",\"refresh_token\":\"worse\",\"expires_in\":3600}"));
    issues("refresh_token", okJson("{\"error\":\"invalid_grant\"}").withStatus(400));
    service.stubFor(
        get("/me")
            .withHeader("Authorization", equalTo("Bearer bad"))
            .willReturn(aResponse().withStatus(401)));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> signIn(connection.id(), ConsentOptions.standard()));

    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
    call(runtime);
    service.verify(
        1,
        getRequestedFor(urlEqualTo("/tickets/1"))
            .withHeader("Authorization", equalTo("Bearer token-of-alice")));
  }

  @Test
  @DisplayName("B18: that the client of the host is refused is no fault of its connections")
  @Tag("B18")
  void thatTheClientOfTheHostIsRefusedIsNoFaultOfItsConnections() {
    issues(
        "authorization_code",
        okJson(
            "{\"access_token\":\"token-of-alice\",\"refresh_token\":\"r\",\"expires_in\":3600}"));
    Connection connection = signIn(null, ConsentOptions.standard());
    issues("refresh_token", okJson("{\"error\":\"invalid_client\"}").withStatus(401));
    clock.advance(Duration.ofHours(2));

    assertThat(runtime.connections().test(ADA, connection.id()).outcome())
        .isEqualTo(ConnectionTestResult.Outcome.NOT_REACHABLE);

    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @ParameterizedTest(name = "by another node: {0}")
  @ValueSource(booleans = {false, true})
  @DisplayName("A call that fails with what was replaced meanwhile says nothing of what is there")
  void aCallThatFailsWithWhatWasReplacedSaysNothingOfWhatIsThere(boolean elsewhere)
      throws Exception {
    ConnectionSpec spec = ConnectionSpec.of("tickets", "waiting").untested();
    Connection connection = runtime.connections().create(ADA, spec.secret("key", Secret.of("old")));
    try (ConnectorRuntime other = with(builder()).build()) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(runtime));
      assertThat(waiting.asked.await(30, TimeUnit.SECONDS)).isTrue();

      (elsewhere ? other : runtime)
          .connections()
          .update(ADA, connection.id(), spec.secret("key", Secret.of("new")));
      waiting.told.countDown();

      assertThat(call.handle((done, failure) -> failure).get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(AuthenticationException.class);
      assertThat(runtime.connections().get(ADA, connection.id()).status().state())
          .isEqualTo(State.CONNECTED);
      call(runtime);
    }
  }

  private void issues(String grant, ResponseDefinitionBuilder answer) {
    service.stubFor(
        post("/token").withRequestBody(containing("grant_type=" + grant)).willReturn(answer));
  }

  private Connection signIn(@Nullable ConnectionId id, ConsentOptions options) {
    PendingConsent pending =
        id == null
            ? runtime.consents().begin(ADA, SIGN_IN, "session", options.redirectUri(CALLBACK))
            : runtime.consents().begin(ADA, id, "session", options.redirectUri(CALLBACK));
    URI callback = SignIns.callback(CALLBACK, pending, "code=c-1");
    return runtime.consents().complete(ADA.principal(), callback, "session").connection();
  }

  private static void call(ConnectorRuntime node) {
    node.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }
}
