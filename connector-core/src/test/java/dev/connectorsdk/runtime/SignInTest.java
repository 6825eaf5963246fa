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

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRecovered;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRenewed;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.runtime.Tickets.NewTicket;
import dev.connectorsdk.runtime.Tickets.Ticket;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A user signs in at the service, and the token lives its life. */
class SignInTest extends HostTest {

  private static final URI CALLBACK = URI.create("https://app.test/callback/tickets");
  private static final ConnectionSpec SPEC = ConnectionSpec.of("tickets", "signIn");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.client("tickets", "signIn", CLIENT);
  }

  private void theServiceIssues(String accessToken, String refreshToken, long seconds) {
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    """
                    {"access_token":"%s","refresh_token":"%s","token_type":"Bearer",
                     "expires_in":%d}
                    """
                        .formatted(accessToken, refreshToken, seconds))));
  }

  private static URI callback(PendingConsent pending) {
    return SignIns.callback(CALLBACK, pending, "code=c-1");
  }

  private Connection signIn() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    return runtime
        .consents()
        .complete(ADA.principal(), callback(pending), "session-1")
        .connection();
  }

  private int tokenRequests() {
    return service.findAll(postRequestedFor(urlEqualTo("/token"))).size();
  }

  private void call() {
    runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
  }

  @Test
  @Tag("A1")
  @DisplayName("5.2: and is connected after consent")
  void theUserIsSentToTheServiceAndComesBackConnected() {
    theServiceIssues("t-1", "r-1", 3600);
    theServiceAccepts("t-1");

    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    HttpUrl link = HttpUrl.get(pending.authorizationUrl());
    assertThat(link.toString()).startsWith(url() + "/authorize?");
    assertThat(link.queryParameter("client_id")).isEqualTo("app");
    assertThat(link.queryParameter("redirect_uri")).isEqualTo(CALLBACK.toString());
    assertThat(link.queryParameter("scope")).isEqualTo("tickets.read offline_access");
    assertThat(link.queryParameter("code_challenge_method")).isEqualTo("S256");
    assertThat(runtime.connections().get(ADA, pending.connection()).status().reason())
        .isEqualTo(Reason.CONSENT_PENDING);

    Connection connection =
        runtime.consents().complete(ADA.principal(), callback(pending), "session-1").connection();

    assertThat(connection.id()).isEqualTo(pending.connection());
    assertThat(connection.status().isConnected()).isTrue();
    call();
    service.verify(
        1,
        postRequestedFor(urlEqualTo("/token"))
            .withRequestBody(containing("grant_type=authorization_code"))
            .withRequestBody(containing("code=c-1"))
            .withRequestBody(containing("code_verifier=")));
  }

  @Test
  @Tag("A2")
  void aCallbackWorksOnceHoweverOftenItIsDelivered() throws Exception {
    theServiceIssues("t-1", "r-1", 3600);
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    ExecutorService threads = Executors.newFixedThreadPool(20);
    List<Callable<CompletedConsent>> deliveries = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      deliveries.add(
          () -> runtime.consents().complete(ADA.principal(), callback(pending), "session-1"));
    }

    int completed = 0;
    for (Future<CompletedConsent> delivery : threads.invokeAll(deliveries)) {
      try {
        delivery.get();
        completed++;
      } catch (java.util.concurrent.ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOfSatisfying(
                ConsentException.class,
                c -> assertThat(c.reason()).isEqualTo(ConsentException.Reason.STATE_UNKNOWN));
      }
    }
    threads.shutdown();

    assertThat(completed).isEqualTo(1);
    assertThat(tokenRequests()).isEqualTo(1);
  }

  @Test
  @Tag("A2")
  void aSignInThatTookTooLongIsRefused() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    clock.advance(Duration.ofMinutes(10));

    assertRefused(ConsentException.Reason.STATE_UNKNOWN, callback(pending), "session-1");
  }

  @Test
  @Tag("A3")
  void whoeverHoldsALinkDoesNotGetSomebodyElsesAccount() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () -> runtime.consents().complete(BOB.principal(), callback(pending), "session-2"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.SESSION_MISMATCH));
    assertThat(tokenRequests()).isZero();
    assertThat(runtime.connections().get(ADA, pending.connection()).status().isConnected())
        .isFalse();
  }

  @Test
  @Tag("A3")
  void theSamePersonInAnotherBrowserSessionIsRefused() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));

    assertRefused(ConsentException.Reason.SESSION_MISMATCH, callback(pending), "session-2");
  }

  @Test
  @Tag("A4")
  void aCallbackAtAnotherRedirectUriIsRefused() {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    URI elsewhere =
        URI.create("https://app.test/callback/other?code=c&state=" + SignIns.state(pending));

    assertRefused(ConsentException.Reason.CONTEXT_MISMATCH, elsewhere, "session-1");
  }

  @ParameterizedTest
  @CsvSource({
    "'error=access_denied&error_description=<script>', ACCESS_DENIED",
    "error=server_error, SERVER_ERROR",
    "error=login_required, LOGIN_REQUIRED",
    "error=invalid_scope, INVALID_SCOPE",
    "error=made_up, PROVIDER_ERROR",
    "code=a&code=b, MALFORMED",
    "code=a&error=access_denied, MALFORMED",
    "x=y, MALFORMED"
  })
  @Tag("A8")
  void refusalsAndOddCallbacksAreTyped(String query, ConsentException.Reason reason) {
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    URI callback =
        URI.create(
            CALLBACK
                + "?state="
                + SignIns.state(pending)
                + "&"
                + query.replace("<", "%3C").replace(">", "%3E"));

    assertRefused(reason, callback, "session-1");
    assertRefused(ConsentException.Reason.STATE_UNKNOWN, callback, "session-1");
  }

  @Test
  @Tag("A8")
  @Tag("D1")
  void aQueryIsTakenAsItArrivedAndNeverQuoted() {
    theServiceIssues("t-1", "r-1", 3600);
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    String query = "state=" + SignIns.state(pending) + "&code=c4nary|{\"1\"}^%7C&more=a b";

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .complete(ADA.principal(), CALLBACK, "code=c4nary|%zz", "session-1"))
        .withNoCause()
        .satisfies(e -> assertThat(e.toString()).doesNotContain("c4nary"));
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(
            () -> runtime.consents().complete(ADA.principal(), CALLBACK, null, "session-1"));

    assertThat(
            runtime
                .consents()
                .complete(ADA.principal(), CALLBACK, query, "session-1")
                .connection()
                .status())
        .matches(ConnectionStatus::isConnected);
    service.verify(
        1,
        postRequestedFor(urlEqualTo("/token")).withFormParam("code", equalTo("c4nary|{\"1\"}^|")));
  }

  private void assertRefused(ConsentException.Reason reason, URI callback, String session) {
    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), callback, session))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("script"));
    assertThat(tokenRequests()).isZero();
  }

  @Test
  @Tag("A2")
  void aCallbackWithoutOrWithAnUnknownStateAsksNobody() {
    assertRefused(ConsentException.Reason.MALFORMED, URI.create(CALLBACK + "?code=c"), "session-1");
    assertRefused(ConsentException.Reason.MALFORMED, CALLBACK, "session-1");
    assertRefused(
        ConsentException.Reason.STATE_UNKNOWN,
        URI.create(CALLBACK + "?code=c&state=unknown"),
        "session-1");
  }

  @ParameterizedTest
  @CsvSource({
    "http://app.test/callback",
    "https://user@app.test/callback",
    "https://app.test/callback#x",
    "/callback",
    "javascript:alert(1)"
  })
  @Tag("A7")
  void aRedirectUriIsHttpsOrOnThisMachine(URI redirectUri) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .begin(
                        ADA,
                        SPEC,
                        "session-1",
                        ConsentOptions.standard().redirectUri(redirectUri)));
    assertThat(runtime.connections().list(ADA)).isEmpty();
  }

  @Test
  void anOptionWithoutSignInIsRefused() {
    ConnectionSpec spec = ConnectionSpec.of("tickets", "apiKey");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                runtime
                    .consents()
                    .begin(ADA, spec, "session-1", ConsentOptions.standard().redirectUri(CALLBACK)))
        .withMessage(
            "Auth option 'apiKey' of connector 'tickets' has no sign-in; make the connection with"
                + " connections().create");
  }

  @Test
  void anotherProcessCanCompleteWhatThisOneBegan() {
    theServiceIssues("t-1", "r-1", 3600);
    var store = new dev.connectorsdk.store.InMemoryStore();
    var keys = dev.connectorsdk.secret.KeyRing.random();
    try (ConnectorRuntime one = with(builder()).store(store, keys).build();
        ConnectorRuntime two = with(builder()).store(store, keys).build()) {
      PendingConsent pending =
          one.consents()
              .begin(ADA, SPEC, "session-1", ConsentOptions.standard().redirectUri(CALLBACK));

      Connection connection =
          two.consents().complete(ADA.principal(), callback(pending), "session-1").connection();

      assertThat(connection.status().isConnected()).isTrue();
    }
  }

  @Test
  @Tag("B9")
  void anExpiredTokenIsRefreshedInPassing() {
    theServiceIssues("t-1", "r-1", 3600);
    signIn();
    clock.advance(Duration.ofHours(2));
    theServiceIssues("t-2", "r-2", 3600);
    theServiceAccepts("t-2");

    call();
    call();

    service.verify(
        1,
        postRequestedFor(urlEqualTo("/token"))
            .withRequestBody(containing("grant_type=refresh_token"))
            .withRequestBody(containing("refresh_token=r-1")));
    service.verify(2, getRequestedFor(urlEqualTo("/tickets/1")));
    assertThat(events).filteredOn(CredentialRenewed.class::isInstance).hasSize(1);
  }

  @Test
  void aTokenThatWasStoredBeforeIsNoRenewal() {
    theServiceIssues("t-1", "r-1", 3600);
    signIn();
    theServiceAccepts("t-1");

    call();

    assertThat(events).doesNotHaveAnyElementsOfTypes(CredentialRenewed.class);
  }

  @Test
  void aSignInAfterAFailedRenewalIsARecoveryAndNoRenewal() {
    theServiceIssues("t-1", "r-1", 3600);
    Connection connection = signIn();
    clock.advance(Duration.ofHours(2));
    service.stubFor(
        post("/token")
            .willReturn(aResponse().withStatus(400).withBody("{\"error\":\"invalid_grant\"}")));
    assertThatExceptionOfType(AuthenticationException.class).isThrownBy(this::call);
    theServiceIssues("t-2", "r-2", 3600);
    theServiceAccepts("t-2");
    PendingConsent again =
        runtime
            .consents()
            .begin(
                ADA, connection.id(), "session-1", ConsentOptions.standard().redirectUri(CALLBACK));
    runtime.consents().complete(ADA.principal(), callback(again), "session-1");

    call();

    assertThat(heard(CredentialRecovered.class)).hasSize(1);
    assertThat(heard(CredentialRenewed.class)).isEmpty();
  }

  @Test
  @Tag("B17")
  void aRefusedTokenIsRefreshedOnceAndTheCallRepeatedOnce() {
    theServiceIssues("t-1", "r-1", 3600);
    signIn();
    service.resetRequests();
    theServiceIssues("t-2", "r-2", 3600);
    theServiceAccepts("t-2");

    call();

    assertThat(tokenRequests()).isEqualTo(1);
    service.verify(2, getRequestedFor(urlEqualTo("/tickets/1")));
    assertThat(events).hasAtLeastOneElementOfType(CredentialRenewed.class);
  }

  @Test
  @DisplayName("B17: 50 writes with a revoked token are sent twice at most, and cost one refresh")
  void manyCallsWithARevokedTokenCostOneRefresh() throws Exception {
    theServiceIssues("t-1", "r-1", 3600);
    signIn();
    service.resetRequests();
    theServiceIssues("t-2", "r-2", 3600);
    service.stubFor(post("/tickets").willReturn(aResponse().withStatus(401)));
    service.stubFor(
        post("/tickets")
            .withHeader("Authorization", equalTo("Bearer t-2"))
            .willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    ExecutorService threads = Executors.newFixedThreadPool(50);
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      calls.add(() -> runtime.invoke(ADA, MINE, Tickets.CREATE, new NewTicket("T", null)));
    }

    for (Future<Object> done : threads.invokeAll(calls)) {
      assertThat(done.get()).isEqualTo(new Ticket("1", "T"));
    }
    threads.shutdown();

    assertThat(tokenRequests()).isEqualTo(1);
    assertThat(service.findAll(postRequestedFor(urlEqualTo("/tickets"))))
        .hasSizeBetween(50, 100)
        .filteredOn(sent -> "Bearer t-2".equals(sent.getHeader("Authorization")))
        .hasSize(50);
  }

  @Test
  @Tag("B17")
  @DisplayName("5.2: a call that is refused with 401 is repeated once after one refresh")
  void aServiceThatAlwaysRefusesIsAskedTwice() {
    theServiceIssues("t-1", "r-1", 3600);
    Connection connection = signIn();
    service.resetRequests();
    service.stubFor(get(anyUrl()).willReturn(aResponse().withStatus(401)));

    assertThatExceptionOfType(ServiceException.class)
        .isThrownBy(this::call)
        .satisfies(e -> assertThat(e.status()).isEqualTo(401));

    assertThat(tokenRequests()).isEqualTo(1);
    service.verify(2, getRequestedFor(urlEqualTo("/tickets/1")));
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  @Tag("B13")
  @DisplayName("5.2: after a refresh that failed for good calls fail at once until it is fixed")
  void aRevokedGrantAsksTheOwnerToSignInAgainAndNobodyElseAgain() {
    theServiceIssues("t-1", "r-1", 3600);
    Connection connection = signIn();
    service.resetRequests();
    clock.advance(Duration.ofHours(2));
    service.stubFor(
        post("/token")
            .willReturn(aResponse().withStatus(400).withBody("{\"error\":\"invalid_grant\"}")));

    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::call)
        .satisfies(
            e -> assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.GRANT_ENDED));
    for (int i = 0; i < 10; i++) {
      assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(this::call);
    }

    assertThat(tokenRequests()).isEqualTo(1);
    assertThat(runtime.connections().get(ADA, connection.id()).status())
        .satisfies(s -> assertThat(s.state()).isEqualTo(State.UNAUTHENTICATED))
        .satisfies(s -> assertThat(s.reason()).isEqualTo(Reason.GRANT_ENDED));
  }

  @Test
  @DisplayName("5.2: a new consent keeps the id")
  void signingInAgainFixesTheSameConnection() {
    aRevokedGrantAsksTheOwnerToSignInAgainAndNobodyElseAgain();
    Connection broken = runtime.connections().list(ADA).get(0);
    theServiceIssues("t-3", "r-3", 3600);
    theServiceAccepts("t-3");

    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, broken.id(), "session-9", ConsentOptions.standard().redirectUri(CALLBACK));
    Connection fixed =
        runtime.consents().complete(ADA.principal(), callback(pending), "session-9").connection();

    assertThat(fixed.id()).isEqualTo(broken.id());
    call();
  }

  @Test
  void ofTwoFirstSignInsForAConnectionOneCounts() {
    theServiceIssues("t-1", "r-1", 3600);
    ConsentOptions options = ConsentOptions.standard().redirectUri(CALLBACK);
    PendingConsent work = runtime.consents().begin(ADA, SPEC, "session-1", options);
    PendingConsent home = runtime.consents().begin(ADA, work.connection(), "session-1", options);
    runtime.consents().complete(ADA.principal(), callback(work), "session-1");

    assertThatExceptionOfType(ConsentException.class)
        .isThrownBy(() -> runtime.consents().complete(ADA.principal(), callback(home), "session-1"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(ConsentException.Reason.STATE_UNKNOWN));
    assertThat(tokenRequests()).isEqualTo(1);
  }

  @Test
  void anOutageOfTheTokenEndpointChangesNoState() {
    theServiceIssues("t-1", "r-1", 3600);
    Connection connection = signIn();
    clock.advance(Duration.ofHours(2));
    service.stubFor(post("/token").willReturn(aResponse().withStatus(503)));

    assertThatExceptionOfType(ConnectorException.class)
        .isThrownBy(this::call)
        .satisfies(e -> assertThat(e.isRetryable()).isTrue());

    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  @Tag("B10")
  void manyThreadsRefreshOnce() throws Exception {
    theServiceIssues("t-1", "r-1", 3600);
    signIn();
    service.resetRequests();
    clock.advance(Duration.ofHours(2));
    service.stubFor(
        post("/token")
            .inScenario("rotation")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("spent")
            .willReturn(
                okJson("{\"access_token\":\"t-2\",\"refresh_token\":\"r-2\",\"expires_in\":3600}")
                    .withFixedDelay(100)));
    service.stubFor(
        post("/token")
            .inScenario("rotation")
            .whenScenarioStateIs("spent")
            .willReturn(aResponse().withStatus(400).withBody("{\"error\":\"invalid_grant\"}")));
    theServiceAccepts("t-2");
    ExecutorService threads = Executors.newFixedThreadPool(32);
    List<Callable<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      calls.add(() -> runtime.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
    }

    for (Future<Object> done : threads.invokeAll(calls)) {
      done.get();
    }
    threads.shutdown();

    assertThat(tokenRequests()).isEqualTo(1);
  }
}
