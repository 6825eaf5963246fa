package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What Cyd, who may run Ada's flow, is told when a call on Ada's connection fails: what happened,
 * and nothing by which the connection or its service is known. Ada is told all of it.
 */
@Tag("I1")
class FailuresOnOthersConnectionsTest extends HostTest {

  private static final Principal CYD = Principal.user("cyd");
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal()).coOwnedBy(BOB.principal()).runnableBy(CYD).using(SHARED);

  private static final Action<TicketId, Ticket> ELSEWHERE =
      Action.builder("elsewhere", Effect.READ, TicketId.class, Ticket.class)
          .run(
              (in, call) ->
                  call.http()
                      .callEncoded("GET", "https://elsewhere.example/x")
                      .fetch(Ticket.class));

  private static final Action<TicketId, Ticket> CARELESS =
      Action.builder("careless", Effect.READ, TicketId.class, Ticket.class)
          .run(
              (in, call) -> {
                throw new IllegalStateException("no luck with " + call.connection().id());
              });

  private static final Action<TicketId, Ticket> CHATTY =
      Action.builder("chatty", Effect.READ, TicketId.class, Ticket.class)
          .run(
              (in, call) -> {
                IllegalStateException first = new IllegalStateException("localhost is away");
                IllegalStateException second = new IllegalStateException("no luck", first);
                first.initCause(second);
                throw new ActionFailedException("No ticket", second);
              });

  private final InMemoryStore store = new InMemoryStore();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.store(store, KeyRing.random());
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).action(ELSEWHERE).action(CARELESS).action(CHATTY).build();
  }

  private Connection bind(ConnectionSpec spec) {
    Connection connection = runtime.connections().create(ADA, spec);
    runtime.references().bind(ADA.running(FLOW), SHARED, connection.id());
    return connection;
  }

  private Connection bindKey() {
    return bind(ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k")));
  }

  private void theServiceAnswers(ResponseDefinitionBuilder answer) {
    service.stubFor(any(anyUrl()).atPriority(5).willReturn(answer));
  }

  private <E extends ConnectorException> E told(
      Class<E> type, Caller caller, Action<TicketId, Ticket> action) {
    return catchThrowableOfType(
        type, () -> runtime.invoke(caller.running(FLOW), SHARED, action, new TicketId("1")));
  }

  private <E extends ConnectorException> E toldToCyd(
      Class<E> type, Action<TicketId, Ticket> action, Connection connection) {
    for (Caller other : new Caller[] {BOB, CYD.in("dev")}) {
      Throwable told = told(type, other, action);
      assertThat(told).isNotNull();
      for (; told != null; told = told.getCause()) {
        assertThat(told.toString()).doesNotContain(connection.id().value(), "localhost");
      }
    }
    return told(type, CYD.in("dev"), action);
  }

  @Test
  void whatTheServiceAnsweredIsToldAndNotWhereItIs() {
    Connection adas = bindKey();
    theServiceAnswers(status(404).withBody("none"));

    ServiceException told = toldToCyd(ServiceException.class, Tickets.GET, adas);

    assertThat(told)
        .hasMessage("A call under reference 'team-tickets' was answered with status 404");
    assertThat(told.status()).isEqualTo(404);
    assertThat(told.body()).isEqualTo("none");
    assertThat(told(ServiceException.class, ADA, Tickets.GET))
        .hasMessageContaining(
            "GET localhost:" + service.port() + " on connection '" + adas.id() + "'");
  }

  @Test
  void aBrokenExchangeIsToldAsOne() {
    Connection adas = bindKey();
    theServiceAnswers(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

    TransportException told = toldToCyd(TransportException.class, Tickets.GET, adas);

    assertThat(told).hasMessage("A call under reference 'team-tickets': the exchange broke off");
    assertThat(told.isRetryable())
        .isEqualTo(told(TransportException.class, ADA, Tickets.GET).isRetryable());
  }

  @Test
  void anAnswerThatCannotBeReadIsToldAsOne() {
    Connection adas = bindKey();
    theServiceAnswers(okJson("[1"));

    assertThat(toldToCyd(ResponseException.class, Tickets.GET, adas))
        .hasMessage("A call under reference 'team-tickets' got an answer that cannot be read");
  }

  @Test
  void aTokenThatCannotBeFetchedIsToldWithoutItsEndpoint() {
    Connection adas =
        bind(
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app")
                .secret("client_secret", Secret.of("s3cret")));
    service.stubFor(post("/token").willReturn(status(503)));

    AuthenticationException told = toldToCyd(AuthenticationException.class, Tickets.GET, adas);

    assertThat(told)
        .hasMessage("Reference 'team-tickets': no credential could be fetched for its connection");
    assertThat(told.isRetryable()).isTrue();
    assertThat(told.connection()).isNull();
    assertThat(told(AuthenticationException.class, ADA, Tickets.GET).connection())
        .isEqualTo(adas.id());
  }

  @Test
  void aRefusedClientIsToldWithoutItsId() {
    Connection adas =
        bind(
            ConnectionSpec.of("tickets", "oauth2")
                .with("client_id", "app-of-ada")
                .secret("client_secret", Secret.of("s3cret")));
    service.stubFor(
        post("/token").willReturn(status(401).withBody("{\"error\":\"invalid_client\"}")));

    assertThat(told(AuthenticationException.class, CYD.in("dev"), Tickets.GET))
        .hasMessage("Reference 'team-tickets': its connection cannot work as it is configured")
        .hasNoCause();
    assertThat(told(ResolutionException.Broken.class, CYD.in("dev"), Tickets.GET))
        .as("from the next call on")
        .hasMessageNotContaining(adas.id().value())
        .satisfies(e -> assertThat(e.trail()).isEmpty());
  }

  @Test
  void anotherHostIsRefusedWithoutNamingTheConnectionsOwn() {
    Connection adas = bindKey();

    assertThat(toldToCyd(HostNotAllowedException.class, ELSEWHERE, adas))
        .hasMessage("No request to https://elsewhere.example: the connection is not for it");
    assertThat(told(HostNotAllowedException.class, ADA, ELSEWHERE))
        .hasMessageContaining(adas.id().value());
  }

  @Test
  @DisplayName("I1, H1: an address that users may not choose is refused without naming it")
  void anAddressThatUsersMayNotChooseIsRefusedWithoutNamingIt() {
    Connector sites =
        Connector.builder("tickets", "http://{site}:" + service.port())
            .parameter(ConnectionParameter.text("site"))
            .auth(AuthOption.none())
            .action(Tickets.GET)
            .build();
    try (ConnectorRuntime strict =
        ConnectorRuntime.builder().connector(sites).clock(clock).sleeper(clock).build()) {
      Connection adas =
          strict
              .connections()
              .create(ADA, ConnectionSpec.of("tickets", "none").with("site", "localhost"));
      strict.references().bind(ADA.running(FLOW), SHARED, adas.id());

      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(
              () ->
                  strict.invoke(
                      CYD.in("dev").running(FLOW), SHARED, Tickets.GET, new TicketId("1")))
          .withMessage(
              "No request to the service of its connection: the host application does not allow its"
                  + " address")
          .matches(e -> !e.origin().contains("localhost"));
      assertThatExceptionOfType(HostNotAllowedException.class)
          .isThrownBy(
              () -> strict.invoke(ADA.running(FLOW), SHARED, Tickets.GET, new TicketId("1")))
          .withMessageContaining("localhost");
    }
  }

  @Test
  void whatLedToAFailureIsLeftOut() {
    Connection adas = bindKey();

    assertThat(toldToCyd(ActionFailedException.class, CHATTY, adas))
        .hasMessage("No ticket")
        .hasNoCause();
    assertThat(told(ActionFailedException.class, ADA, CHATTY)).cause().hasMessage("no luck");
  }

  @Test
  void anActionThatNamesTheConnectionIsNotQuoted() {
    Connection adas = bindKey();

    assertThat(toldToCyd(ActionFailedException.class, CARELESS, adas))
        .hasMessage("A call under reference 'team-tickets' failed with ActionFailedException");
  }

  @Test
  void secretsThatCannotBeReadAreNotLocated() {
    Connection adas = bindKey();
    StoredCredential sealed = store.listCredentials(adas.id()).get(0);
    long version = sealed.version();
    store.writeCredential(
        new StoredCredential(
            adas.id(), sealed.slot(), version + 1, sealed.keyId(), sealed.ciphertext()),
        version);

    assertThat(told(SecretUnreadableException.class, CYD.in("dev"), Tickets.GET))
        .hasNoCause()
        .hasMessage(
            "A call under reference 'team-tickets' needs credentials that cannot be decrypted.");
  }
}
