package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentCompleted;
import dev.connectorsdk.api.event.ConnectorEvent.ConsentRefused;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of a sign-in that protect its user, each by its number in the checklist. */
class ConsentChecklistTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final URI EVIL_CALLBACK = URI.create("https://app.test/callback/evil");
  private static final ConnectionSpec SPEC = ConnectionSpec.of("tickets", "signIn");

  private static final Action<TicketId, Ticket> READ =
      Action.builder("readTicket", Effect.READ, TicketId.class, Ticket.class)
          .requiredScopes("tickets.read")
          .run((in, call) -> call.http().get("/tickets/{id}", in.id()).fetch(Ticket.class));

  private static final Action<TicketId, Ticket> WRITE =
      Action.builder("writeTicket", Effect.WRITE, TicketId.class, Ticket.class)
          .requiredScopes("tickets.read", "tickets.write")
          .run((in, call) -> call.http().post("/tickets/{id}", in.id()).fetch(Ticket.class));

  record Me(String login) {}

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .action(READ)
        .action(WRITE)
        .test(call -> Account.of(call.http().get("/me").fetch(Me.class).login()))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    String evil = url() + "/evil";
    return builder
        .client("tickets", "signIn", CLIENT)
        .client("evil", "oauth2", CLIENT)
        .hostOrigins("https://app.test", "https://www.app.test:8443", "http://localhost:8080")
        .connector(
            Connector.builder("evil", evil)
                .titled("Evil")
                .auth(
                    AuthOption.oauth2(
                        OAuth2Scheme.authorizationCode(evil + "/authorize", evil + "/token")))
                .build());
  }

  private void theServiceIssues(String token, String scope) {
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    """
                    {"access_token":"%s","refresh_token":"r-%s","expires_in":3600%s}
                    """
                        .formatted(token, token, scope))));
  }

  private void theServiceKnows(String token, String login) {
    service.stubFor(
        get("/me")
            .withHeader("Authorization", equalTo("Bearer " + token))
            .willReturn(okJson("{\"login\":\"" + login + "\"}")));
    service.stubFor(
        get("/tickets/1")
            .withHeader("Authorization", equalTo("Bearer " + token))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"of " + login + "\"}")));
  }

  private static String query(PendingConsent pending, String name) {
    return String.valueOf(HttpUrl.get(pending.authorizationUrl()).queryParameter(name));
  }

  private CompletedConsent signIn(ConsentOptions options) {
    PendingConsent pending =
        runtime.consents().begin(ADA, SPEC, "s", options.redirectUri(CALLBACK));
    return runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "s");
  }

  private CompletedConsent signInAgain(Connection connection, ConsentOptions options) {
    PendingConsent pending =
        runtime.consents().begin(ADA, connection.id(), "s", options.redirectUri(CALLBACK));
    return runtime
        .consents()
        .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "s");
  }

  private ConsentException refused(Caller caller, URI callback, String session) {
    List<ConsentException> caught = new ArrayList<>();
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(caller.principal(), callback, session))
        .satisfies(caught::add);
    return caught.get(0);
  }

  private static void assertNothingWasAsked() {
    service.verify(0, postRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("A2: of 20 deliveries on 2 nodes at once exactly 1 reaches the token endpoint")
  void of20DeliveriesOn2NodesExactly1ReachesTheTokenEndpoint() throws Exception {
    theServiceIssues("t", "");
    theServiceKnows("t", "ada");
    var store = new InMemoryStore();
    var keys = KeyRing.random();
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try (ConnectorRuntime one = with(builder()).store(store, keys).build();
        ConnectorRuntime two = with(builder()).store(store, keys).build()) {
      PendingConsent pending =
          one.consents().begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(CALLBACK));
      URI callback = SignIns.callback(CALLBACK, pending, "code=c");
      List<Callable<CompletedConsent>> deliveries = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ConnectorRuntime node = i % 2 == 0 ? one : two;
        deliveries.add(() -> node.consents().complete(ADA.principal(), callback, "s"));
      }

      int refused = 0;
      for (Future<CompletedConsent> delivery : threads.invokeAll(deliveries)) {
        try {
          assertThat(delivery.get().connection().status().isConnected()).isTrue();
        } catch (ExecutionException e) {
          assertThat(e.getCause()).isInstanceOf(ConsentException.class);
          refused++;
        }
      }

      assertThat(refused).isEqualTo(19);
      service.verify(1, postRequestedFor(urlEqualTo("/token")));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @DisplayName("A2: a state has 128 bits or more, none comes twice, and none says whose it is")
  void aStateIsLongAndNewEachTime() {
    Caller someone = Principal.user("somebody").in("dev");
    Set<String> states = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      PendingConsent pending =
          runtime
              .consents()
              .begin(someone, SPEC, "s", ConsentOptions.standard().redirectUri(CALLBACK));
      assertThat(SignIns.state(pending))
          .matches("[A-Za-z0-9_-]{22,}")
          .doesNotContain(pending.connection().value(), "somebody", "tickets");
      states.add(SignIns.state(pending));
    }
    assertThat(states).hasSize(200);
  }

  @Test
  @DisplayName("A2: after 10 minutes and a second, or with no state of ours, nobody is asked")
  void aLateOrUnknownStateAsksNobody() {
    PendingConsent pending =
        runtime.consents().begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(CALLBACK));
    clock.advance(Duration.ofSeconds(601));

    for (URI callback :
        List.of(
            SignIns.callback(CALLBACK, pending, "code=c"),
            URI.create(CALLBACK + "?code=c&state=unknown"),
            URI.create(CALLBACK + "?code=c&state="),
            URI.create(CALLBACK + "?code=c&state=a&state=b"))) {
      refused(ADA, callback, "s");
    }

    assertNothingWasAsked();
  }

  @Test
  @DisplayName("A3: whoever finishes what another one began gets nothing, and both are named")
  void whoeverFinishesWhatAnotherOneBeganGetsNothing() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "adas-session", ConsentOptions.standard().redirectUri(CALLBACK));

    ConsentException e =
        refused(BOB, SignIns.callback(CALLBACK, pending, "code=bobs"), "bobs-session");

    assertThat(e.reason()).isEqualTo(ConsentException.Reason.SESSION_MISMATCH);
    assertNothingWasAsked();
    assertThat(runtime.connections().get(ADA, pending.connection()).status().reason())
        .isEqualTo(ConnectionStatus.Reason.CONSENT_PENDING);
    assertThat(events)
        .filteredOn(ConsentRefused.class::isInstance)
        .singleElement()
        .isEqualTo(
            new ConsentRefused(
                clock.instant(),
                pending.connection(),
                pending.connector(),
                ADA.environment(),
                ADA.principal(),
                BOB.principal(),
                ConsentException.Reason.SESSION_MISMATCH));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("A4: what one service sends is not taken for another one's, in either direction")
  void whatOneServiceSendsIsNotTakenForAnotherOnes(boolean fromEvil) {
    PendingConsent evil =
        runtime
            .consents()
            .begin(
                ADA,
                ConnectionSpec.of("evil", "oauth2"),
                "s",
                ConsentOptions.standard().redirectUri(EVIL_CALLBACK));
    PendingConsent honest =
        runtime.consents().begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(CALLBACK));

    URI callback =
        fromEvil
            ? SignIns.callback(CALLBACK, evil, "code=of-tickets")
            : SignIns.callback(EVIL_CALLBACK, honest, "code=of-evil");
    ConsentException e = refused(ADA, callback, "s");

    assertThat(e.reason()).isEqualTo(ConsentException.Reason.CONTEXT_MISMATCH);
    assertNothingWasAsked();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.test/callback",
        "https://app.test/callback/ticketsystem",
        "https://app.test/callback?connector=tickets",
        "https://app.test/callback/other"
      })
  @DisplayName("A4: a redirect URI names its connector")
  void aRedirectUriNamesItsConnector(URI redirectUri) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(redirectUri)))
        .withMessageContaining("must name the connector, as in /callback/tickets");
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.test/callback/tickets",
        "http://app.test/callback/tickets",
        "http://localhost/callback/tickets",
        "http://localhost:8081/callback/tickets",
        "https://app.test:444/callback/tickets",
        "https://app.test@evil.test/callback/tickets"
      })
  @DisplayName("A7: only redirect URIs of the host are sent")
  void onlyRedirectUrisOfTheHostAreSent(URI redirectUri) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(redirectUri)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://www.app.test:8443/cb/tickets",
        "http://localhost:8080/callback/tickets",
        "http://127.0.0.1:49152/callback/tickets",
        "http://[::1]:1/callback/tickets"
      })
  @DisplayName("A7: a redirect URI is sent byte for byte")
  void aRedirectUriIsSentByteForByte(URI redirectUri) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(redirectUri));

    assertThat(query(pending, "redirect_uri")).isEqualTo(redirectUri.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.test",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https:evil.test",
        "https:/evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://app.test.evil.test",
        "https://app.test@evil.test",
        "https://app.test:444/",
        "http://app.test/",
        "https://app.test\\@evil.test",
        "/\t/evil.test",
        " https://evil.test",
        "///evil.test",
        ""
      })
  @DisplayName("A7: nobody is sent on to where the host does not live")
  void nobodyIsSentOnToWhereTheHostDoesNotLive(String returnTo) {
    ConsentOptions options = ConsentOptions.standard().returnTo(returnTo);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.consents().begin(ADA, SPEC, "s", options.redirectUri(CALLBACK)))
        .satisfies(e -> assertThat(e.faults().get(0).path()).isEqualTo("/returnTo"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("evil"));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/tickets/7?tab=1,                https://app.test/tickets/7?tab=1",
    "/,                               https://app.test/",
    "/#/tickets/7,                    https://app.test/#/tickets/7",
    "https://app.test/x,              https://app.test/x",
    "https://www.app.test:8443/there, https://www.app.test:8443/there"
  })
  @DisplayName("A7: where the user goes on is kept on this side")
  void whereTheUserGoesOnIsKeptOnThisSide(String returnTo, URI expected) {
    theServiceIssues("t", "");
    theServiceKnows("t", "ada");
    ConsentOptions options = ConsentOptions.standard().returnTo(returnTo);

    PendingConsent pending =
        runtime.consents().begin(ADA, SPEC, "s", options.redirectUri(CALLBACK));
    CompletedConsent done =
        runtime
            .consents()
            .complete(ADA.principal(), SignIns.callback(CALLBACK, pending, "code=c"), "s");

    assertThat(pending.authorizationUrl().toString()).doesNotContain("returnTo", "tab", "there");
    assertThat(done.returnTo()).isEqualTo(expected);
  }

  @Test
  @DisplayName("A8: a refusal is typed, goes on where the user wanted to be, and is over")
  void aRefusalIsTypedAndOver() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(
                ADA, SPEC, "s", ConsentOptions.standard().returnTo("/back").redirectUri(CALLBACK));
    URI callback =
        SignIns.callback(CALLBACK, pending, "error=access_denied&error_description=%3Cscript%3E");

    ConsentException first = refused(ADA, callback, "s");
    ConsentException second = refused(ADA, callback, "s");

    assertThat(first.reason()).isEqualTo(ConsentException.Reason.ACCESS_DENIED);
    assertThat(first.returnTo()).isEqualTo(URI.create("https://app.test/back"));
    assertThat(first).hasMessageNotContaining("script");
    assertThat(second.reason()).isEqualTo(ConsentException.Reason.STATE_UNKNOWN);
    assertNothingWasAsked();
  }

  @Test
  @DisplayName("A9: a call that lacks a scope fails before anything is sent, the others work")
  void aCallThatLacksAScopeFailsBeforeAnythingIsSent() {
    theServiceIssues("t", ",\"scope\":\"tickets.read\"");
    theServiceKnows("t", "ada");

    CompletedConsent done =
        signIn(ConsentOptions.standard().scopes("tickets.read", "tickets.write"));
    service.resetRequests();

    assertThat(done.missingScopes()).containsExactly("tickets.write");
    assertThat(done.connection().grantedScopes()).containsExactly("tickets.read");
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, WRITE, new TicketId("1")))
        .withMessageContaining("[tickets.write]")
        .satisfies(
            e ->
                assertThat(e.reason())
                    .isEqualTo(AuthenticationException.Reason.INSUFFICIENT_SCOPE));
    service.verify(0, getRequestedFor(anyUrl()));
    service.verify(0, postRequestedFor(anyUrl()));
    assertThat(runtime.invoke(ADA, MINE, READ, new TicketId("1")).title()).isEqualTo("of ada");
    assertThat(events)
        .filteredOn(ConsentCompleted.class::isInstance)
        .singleElement()
        .satisfies(
            event ->
                assertThat(((ConsentCompleted) event).missingScopes())
                    .containsExactly("tickets.write"));
  }

  @Test
  @DisplayName("A9: where the service does not say, what was asked for counts as granted")
  void whereTheServiceDoesNotSayWhatWasAskedForCounts() {
    theServiceIssues("t", "");
    theServiceKnows("t", "ada");

    CompletedConsent done = signIn(ConsentOptions.standard());

    assertThat(done.connection().grantedScopes()).containsExactly("tickets.read", "offline_access");
    assertThat(done.missingScopes()).isEmpty();
  }

  @Test
  @DisplayName("A9: what a renewal grants counts from then on, whether fewer or more scopes")
  void whatARenewalGrantsCountsFromThenOn() {
    theServiceIssues("t", ",\"scope\":\"tickets.read tickets.write\"");
    theServiceKnows("t", "ada");
    Connection connection =
        signIn(ConsentOptions.standard().scopes("tickets.read", "tickets.write")).connection();
    theServiceIssues("t", ",\"scope\":\"tickets.read admin\"");
    clock.advance(Duration.ofHours(2));

    runtime.invoke(ADA, MINE, READ, new TicketId("1"));

    assertThat(runtime.connections().get(ADA, connection.id()).grantedScopes())
        .containsExactly("tickets.read", "admin");
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> runtime.invoke(ADA, MINE, WRITE, new TicketId("1")))
        .withMessageContaining("[tickets.write]");
  }

  @Test
  @DisplayName("A9: asking for more keeps what was granted, and a repair asks for the same")
  void askingForMoreKeepsWhatWasGranted() {
    theServiceIssues("t", "");
    theServiceKnows("t", "ada");
    Connection connection = signIn(ConsentOptions.standard().scopes("a", "b")).connection();

    PendingConsent more =
        runtime
            .consents()
            .begin(
                ADA,
                connection.id(),
                "s",
                ConsentOptions.standard().plusScopes("c").redirectUri(CALLBACK));
    PendingConsent repair =
        runtime
            .consents()
            .begin(ADA, connection.id(), "s", ConsentOptions.standard().redirectUri(CALLBACK));

    assertThat(query(more, "scope")).isEqualTo("a b c");
    assertThat(query(repair, "scope")).isEqualTo("a b");
  }

  @Test
  @DisplayName("A10: signing in again as another account is refused, and the old one still works")
  void signingInAgainAsAnotherAccountIsRefused() {
    theServiceIssues("t-ada", "");
    theServiceKnows("t-ada", "ada");
    Connection connection = signIn(ConsentOptions.standard()).connection();
    theServiceIssues("t-eve", "");
    theServiceKnows("t-eve", "eve");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> signInAgain(connection, ConsentOptions.standard()))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.ACCOUNT_CHANGED))
        .satisfies(e -> assertThat(e.knownAccount()).isEqualTo(Account.of("ada")))
        .satisfies(e -> assertThat(e.arrivedAccount()).isEqualTo(Account.of("eve")));

    assertThat(runtime.connections().get(ADA, connection.id())).isEqualTo(connection);
    assertThat(runtime.invoke(ADA, MINE, READ, new TicketId("1")).title()).isEqualTo("of ada");
  }

  @Test
  @DisplayName("A10: another account is taken where that was asked for, the same one always")
  void anotherAccountIsTakenWhereThatWasAskedFor() {
    theServiceIssues("t-ada", "");
    theServiceKnows("t-ada", "ada");
    Connection connection = signIn(ConsentOptions.standard()).connection();
    signInAgain(connection, ConsentOptions.standard());
    theServiceIssues("t-eve", "");
    theServiceKnows("t-eve", "eve");

    Connection eves =
        signInAgain(connection, ConsentOptions.standard().allowingOtherAccount()).connection();

    assertThat(eves.account()).isEqualTo(Account.of("eve"));
    assertThat(runtime.invoke(ADA, MINE, READ, new TicketId("1")).title()).isEqualTo("of eve");
  }

  @Test
  @DisplayName("A10: where nobody can say who signed in, what was there stays")
  void whereNobodyCanSayWhoSignedInWhatWasThereStays() {
    theServiceIssues("t-ada", "");
    theServiceKnows("t-ada", "ada");
    Connection connection = signIn(ConsentOptions.standard()).connection();
    theServiceIssues("t-new", "");
    service.stubFor(
        get("/me")
            .withHeader("Authorization", containing("t-new"))
            .willReturn(aResponse().withStatus(404)));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> signInAgain(connection, ConsentOptions.standard()))
        .satisfies(e -> assertThat(e.arrivedAccount()).isNull());

    assertThat(runtime.invoke(ADA, MINE, READ, new TicketId("1")).title()).isEqualTo("of ada");
  }

  @Test
  @DisplayName("A10: after a change of the way to authenticate anybody may sign in")
  void afterAChangeOfTheWayToAuthenticateAnybodyMaySignIn() {
    theServiceIssues("t-ada", "");
    theServiceKnows("t-ada", "ada");
    Connection connection = signIn(ConsentOptions.standard()).connection();
    runtime
        .connections()
        .update(
            ADA,
            connection.id(),
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k")));
    Connection again = runtime.connections().update(ADA, connection.id(), SPEC);
    theServiceIssues("t-eve", "");
    theServiceKnows("t-eve", "eve");

    Connection eves = signInAgain(again, ConsentOptions.standard()).connection();

    @Nullable Account account = eves.account();
    assertThat(account).isEqualTo(Account.of("eve"));
  }

  @Test
  @DisplayName("A3: a sign-in that nobody finishes leaves a connection that no call uses")
  void aSignInThatNobodyFinishesLeavesAConnectionThatNoCallUses() {
    theServiceIssues("t", "");
    theServiceKnows("t", "ada");
    runtime.consents().begin(ADA, SPEC, "s", ConsentOptions.standard().redirectUri(CALLBACK));
    signIn(ConsentOptions.standard());

    assertThat(runtime.connections().list(ADA)).hasSize(2);
    assertThat(runtime.invoke(ADA, MINE, READ, new TicketId("1")).title()).isEqualTo("of ada");
  }
}
