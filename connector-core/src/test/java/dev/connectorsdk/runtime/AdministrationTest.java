package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionQuery.Order;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.Change;
import dev.connectorsdk.api.event.ConnectorEvent.ConnectionChanged;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an administrator does with connections of others, and what an administrator cannot do. */
class AdministrationTest extends HostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");
  private static final Administrator OF_ALL = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator OF_TEST = Administrator.of(Principal.user("root"), "test");
  private static final Caller ROOT_HERSELF = ROOT.principal().in("dev");
  private static final Caller BOB_IN_TEST = BOB.principal().in("test");
  private static final ConnectionSpec DEVICE =
      ConnectionSpec.of("tickets", "device").with("project", "P1");
  private static final String LEAKED = "Its key has leaked";

  private final InMemoryStore store = new InMemoryStore(clock);
  private final KeyRing keys = KeyRing.random();

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(
            AuthOption.oauth2(
                    OAuth2Scheme.deviceCode(url() + "/device", url() + "/token")
                        .revocationUrl(url() + "/revoke"))
                .named("device"))
        .test(call -> Account.of(call.http().get("/me").fetch(Tickets.Me.class).login()))
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .client("tickets", "device", ClientRegistration.publicClient("app"));
  }

  private Connection signIn(Caller caller, String token) throws Exception {
    theSignInBrings(token);
    return runtime.consents().beginDevice(caller, DEVICE).await().connection();
  }

  private static void theSignInBrings(String token) {
    service.stubFor(
        post("/device")
            .willReturn(
                okJson(
                    """
                    {"device_code":"d","user_code":"u","expires_in":600,
                     "verification_uri":"https://id.test/device"}
                    """)));
    service.stubFor(
        post("/token")
            .willReturn(
                okJson(
                    "{\"access_token\":\"%s\",\"refresh_token\":\"r-%s\",\"expires_in\":3600}"
                        .formatted(token, token))));
    service.stubFor(post("/revoke").willReturn(ok()));
    service.stubFor(get("/me").willReturn(okJson("{\"login\":\"%s\"}".formatted(token))));
    theServiceAccepts(token);
  }

  private void use(Caller caller) {
    runtime.invoke(caller, MINE, Tickets.GET, new TicketId("1"));
  }

  private static void verifyNothingSent() {
    service.verify(0, RequestPatternBuilder.allRequests());
  }

  private static void assertRefused(ThrowingCallable act) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(act)
        .withMessageContaining("an administrator has disabled it: " + LEAKED)
        .satisfies(e -> assertThat(e.reason()).isEqualTo(AuthenticationException.Reason.DISABLED))
        .satisfies(e -> assertThat(e.userMustAct()).isTrue());
  }

  private Connection seen(ConnectionId id) {
    return runtime.connections().list(OF_ALL, ConnectionQuery.all()).stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void listsConnectionsOfAllWithoutTheirParameters() {
    Connection adas =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .with("project", "secret plans")
                    .secret("api_key", Secret.of("k"))
                    .untested());
    clock.advance(Duration.ofSeconds(1));
    Connection bobs = connect(BOB, "k");
    Connection inTest = connect(BOB_IN_TEST, "k");
    ConnectionQuery all = ConnectionQuery.all();

    assertThat(runtime.connections().list(ROOT, all))
        .extracting(Connection::id)
        .containsExactly(adas.id(), bobs.id());
    assertThat(runtime.connections().list(OF_ALL, all.limit(1).after(adas).sortedBy(Order.OWNER)))
        .extracting(Connection::owner)
        .containsExactly(BOB.principal());
    assertThat(runtime.connections().list(OF_ALL, all.in(BOB_IN_TEST.environment())))
        .extracting(Connection::id)
        .containsExactly(inTest.id());
    assertThat(runtime.connections().list(OF_ALL, all.of(ConnectorId.of("other")))).isEmpty();
    Connection listed = runtime.connections().list(ROOT, all.ownedBy(ADA.principal())).get(0);
    assertThat(adas.parameters()).containsEntry("project", "secret plans");
    assertThat(listed.parameters()).isEmpty();
    assertThat(listed.toString()).doesNotContain("secret plans");
  }

  @Test
  void showsOneConnectionAsItIsListed() {
    Connection adas =
        runtime
            .connections()
            .create(
                ADA,
                ConnectionSpec.of("tickets", "apiKey")
                    .with("project", "secret plans")
                    .secret("api_key", Secret.of("k"))
                    .untested());

    Connection shown = runtime.connections().get(ROOT, adas.id());

    assertThat(shown.owner()).isEqualTo(ADA.principal());
    assertThat(shown.status()).isEqualTo(adas.status());
    assertThat(shown.parameters()).isEmpty();
    assertThat(runtime.connections().get(OF_ALL, adas.id()).id()).isEqualTo(adas.id());
  }

  @Test
  void aConnectionWithTheParametersThatItsConnectorNeedsIsShownToWork() {
    Connector sited =
        Connector.builder("sited", "{site}")
            .parameter(ConnectionParameter.text("site"))
            .auth(AuthOption.none())
            .build();
    try (ConnectorRuntime host = ConnectorRuntime.builder().connector(sited).build()) {
      Connection adas =
          host.connections().create(ADA, ConnectionSpec.of("sited", "none").with("site", url()));

      assertThat(host.connections().get(ROOT, adas.id()).status()).isEqualTo(adas.status());
      assertThat(host.connections().list(ROOT, ConnectionQuery.all()))
          .extracting(one -> one.status().state())
          .containsExactly(State.CONNECTED);
    }
  }

  @Test
  @Tag("I1")
  void anAdministratorOfOneEnvironmentReachesNoOther() {
    Connection adas = connect(ADA, "k");
    Environment dev = ADA.environment();
    var connections = runtime.connections();
    List<ThrowingCallable> acts =
        List.of(
            () -> connections.get(OF_TEST, adas.id()),
            () -> connections.disable(OF_TEST, adas.id(), LEAKED),
            () -> connections.enable(OF_TEST, adas.id()),
            () -> connections.handOver(OF_TEST, adas.id(), BOB.principal()));

    assertThat(acts)
        .allSatisfy(act -> assertThatExceptionOfType(NotFoundException.class).isThrownBy(act));
    assertThat(connections.delete(OF_TEST, adas.id())).isFalse();
    assertThat(connections.list(OF_TEST, ConnectionQuery.all())).isEmpty();
    assertThatExceptionOfType(PermissionDeniedException.class)
        .isThrownBy(() -> connections.list(OF_TEST, ConnectionQuery.all().in(dev)))
        .returns("administrator of dev", PermissionDeniedException::missingRight);
    assertThat(connections.get(ADA, adas.id()).version()).isEqualTo(adas.version());
  }

  @Test
  void nobodyUsesADisabledConnection() throws Exception {
    Connection adas = signIn(ADA, "t");
    use(ADA);
    service.resetRequests();

    runtime.connections().disable(ROOT, adas.id(), LEAKED);

    assertThatExceptionOfType(ResolutionException.Broken.class)
        .isThrownBy(() -> use(ADA))
        .withMessageContaining("DISABLED (ADMINISTRATOR)");
    assertRefused(() -> runtime.connections().test(ADA, adas.id()));
    assertRefused(() -> runtime.connections().update(ADA, adas.id(), DEVICE));
    assertRefused(() -> runtime.consents().beginDevice(ADA, adas.id(), consentOptions()));
    clock.advance(Duration.ofDays(30));
    assertThat(runtime.keepAlive(Duration.ofDays(1))).isZero();
    verifyNothingSent();
  }

  private static ConsentOptions consentOptions() {
    return ConsentOptions.standard();
  }

  @Test
  void itsOwnerSeesWhoDisabledItAndWhyAndMayDeleteIt() {
    Connection adas = connect(ADA, "k");
    clock.advance(Duration.ofHours(1));

    runtime.connections().disable(ROOT, adas.id(), LEAKED);

    assertThat(runtime.connections().get(ADA, adas.id()).status())
        .isEqualTo(ConnectionStatus.disabled(ROOT.principal(), LEAKED, clock.instant()));
    assertThat(runtime.connections().list(ROOT, ConnectionQuery.all().inState(State.DISABLED)))
        .extracting(Connection::id)
        .containsExactly(adas.id());
    assertThat(runtime.connections().delete(ADA, adas.id())).isTrue();
  }

  @Test
  void enablingShowsTheStatusThatItWouldHave() throws Exception {
    Connection adas = signIn(ADA, "t");
    Connection waiting = runtime.connections().create(BOB, ConnectionSpec.of("tickets", "device"));
    for (Connection one : List.of(adas, waiting)) {
      ConnectionStatus before = seen(one.id()).status();

      runtime.connections().disable(ROOT, one.id(), LEAKED);
      assertThat(runtime.connections().enable(ROOT, one.id()).status()).isEqualTo(before);
    }
    use(ADA);
    long version = seen(adas.id()).version();
    assertThat(runtime.connections().enable(ROOT, adas.id()).version()).isEqualTo(version);
  }

  @Test
  void otherProcessesRefuseItWithinTheFreshness() throws Exception {
    Connection adas = signIn(ADA, "t");
    try (ConnectorRuntime other = with(builder()).build()) {
      other.invoke(ADA, MINE, Tickets.GET, new TicketId("1"));
      runtime.connections().disable(ROOT, adas.id(), LEAKED);
      clock.advance(Duration.ofSeconds(5));

      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> other.invoke(ADA, MINE, Tickets.GET, new TicketId("1")));
    }
  }

  @Test
  void whatALaterVersionStoredIsNotChanged() {
    Connection adas = connect(ADA, "k");
    StoredConnection row = store.findConnection(adas.id()).orElseThrow();
    var unknown =
        ConnectionStatus.notConnected(
            State.ERROR, Reason.NOT_UNDERSTOOD, "The status 'ASLEEP' is not known", Instant.EPOCH);
    StoredConnection later = row.next(clock.instant()).with(StoredConnection.Access.of(unknown));
    assertThat(store.updateConnection(later, row.version(), List.of())).isTrue();
    var connections = runtime.connections();
    List<ThrowingCallable> acts =
        List.of(
            () -> connections.disable(ROOT, adas.id(), LEAKED),
            () -> connections.enable(ROOT, adas.id()),
            () -> connections.handOver(ROOT, adas.id(), BOB.principal()));

    assertThat(acts)
        .allSatisfy(
            act ->
                assertThatExceptionOfType(StoreException.class)
                    .isThrownBy(act)
                    .withMessageContaining("cannot be used or changed by this version"));
    assertThat(store.findConnection(adas.id())).contains(later);
    assertThat(connections.delete(ROOT, adas.id())).isTrue();
  }

  @Test
  void aReasonIsNeeded() {
    Connection adas = connect(ADA, "k");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.connections().disable(ROOT, adas.id(), " "));
  }

  @Test
  @Tag("D4")
  void everyActIsOneEventThatSaysWhoDidWhatToWhoseConnection() {
    Connection adas = connect(ADA, "k");
    events.clear();

    runtime.connections().disable(ROOT, adas.id(), LEAKED);
    runtime.connections().enable(ROOT, adas.id());
    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());
    runtime.connections().delete(ROOT, adas.id());

    assertThat(heard(ConnectionChanged.class))
        .containsExactly(
            act(adas, ADA, Change.DISABLED, null),
            act(adas, ADA, Change.ENABLED, null),
            act(adas, BOB, Change.HANDED_OVER, ADA.principal()),
            act(adas, BOB, Change.DELETED, null));
  }

  private ConnectionChanged act(
      Connection connection, Caller owner, Change change, @Nullable Principal formerOwner) {
    return new ConnectionChanged(
        clock.instant(),
        connection.id(),
        connection.connector(),
        connection.environment(),
        owner.principal(),
        ROOT.principal(),
        change,
        formerOwner,
        null);
  }

  @Test
  void deletesConnectionsOfOthers() throws Exception {
    Connection adas = signIn(ADA, "t");

    assertThat(runtime.connections().delete(ROOT, adas.id())).isTrue();

    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(heard(CredentialRevoked.class)).hasSize(1);
    assertThat(runtime.connections().delete(ROOT, adas.id())).isFalse();
  }

  @Test
  @DisplayName("A10: a connection changes hands without its credentials, which are revoked")
  void aConnectionChangesHandsWithoutItsCredentials() throws Exception {
    Connection adas = signIn(ADA, "adas");

    Connection bobs = runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThat(bobs.parameters()).isEmpty();
    assertThat(bobs.status().reason()).isEqualTo(Reason.HANDED_OVER);
    assertThat(runtime.connections().list(ADA)).isEmpty();
    service.verify(
        1, postRequestedFor(urlEqualTo("/revoke")).withRequestBody(containing("r-adas")));
    service.resetRequests();
    assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(() -> use(BOB));
    assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
        .isThrownBy(() -> use(ADA));
    clock.advance(Duration.ofDays(30));
    runtime.keepAlive(Duration.ofDays(1));
    verifyNothingSent();

    theSignInBrings("bobs");
    runtime.consents().beginDevice(BOB, adas.id(), consentOptions()).await();
    use(BOB);
    service.verify(
        1,
        getRequestedFor(urlEqualTo("/tickets/1"))
            .withHeader("Authorization", equalTo("Bearer bobs")));
    assertThat(runtime.connections().get(BOB, adas.id()).parameters())
        .containsEntry("project", "P1");
  }

  @Test
  void secretParametersAreCredentialsToo() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection adas = connect(ADA, "adas-key");

    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(() -> use(BOB));
    runtime
        .connections()
        .update(
            BOB,
            adas.id(),
            ConnectionSpec.of("tickets", "apiKey")
                .secret("api_key", Secret.of("bobs-key"))
                .untested());
    use(BOB);
    service.verify(
        1, getRequestedFor(urlEqualTo("/tickets/1")).withHeader("X-Api-Key", equalTo("bobs-key")));
  }

  @Test
  @Tag("I1")
  @DisplayName("I1: who hands a connection over to himself has one without credentials")
  void whoHandsAConnectionOverToHimselfHasOneWithoutCredentials() throws Exception {
    Connection keyed = connect(ADA, "adas-key");
    Connection signedIn = signIn(BOB, "bobs");
    service.resetRequests();
    for (Connection one : List.of(keyed, signedIn)) {
      runtime.connections().handOver(ROOT, one.id(), ROOT.principal());
      var withoutSecret =
          ConnectionSpec.of("tickets", one.authOption()).with("project", "P1").untested();
      runtime.references().bind(ROOT_HERSELF, SHARED, one.id());

      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> runtime.invoke(ROOT_HERSELF, SHARED, Tickets.GET, new TicketId("1")));
      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> runtime.references().resolve(ROOT_HERSELF, SHARED));
      assertThat(runtime.connections().test(ROOT_HERSELF, one.id()).outcome())
          .isEqualTo(ConnectionTestResult.Outcome.NOT_AUTHENTICATED);
      assertThat(seen(one.id()).status().reason()).isEqualTo(Reason.HANDED_OVER);
      if (one.equals(keyed)) {
        assertThatExceptionOfType(InvalidInputException.class)
            .as("no secret is left that an update could keep")
            .isThrownBy(() -> runtime.connections().update(ROOT_HERSELF, one.id(), withoutSecret));
      } else {
        runtime.connections().update(ROOT_HERSELF, one.id(), withoutSecret);
      }
      runtime.connections().disable(ROOT, one.id(), LEAKED);
      runtime.connections().enable(ROOT, one.id());
      assertThatExceptionOfType(ResolutionException.Broken.class)
          .isThrownBy(() -> runtime.invoke(ROOT_HERSELF, SHARED, Tickets.GET, new TicketId("1")));
      assertThat(store.listCredentials(one.id()))
          .allSatisfy(stored -> assertThat(stored.decrypt(keys).reveal()).isEqualTo("{}"));
    }
    service.verify(0, getRequestedFor(anyUrl()));
  }

  @Test
  void aSignInThatTheFormerOwnerHasBegunBringsTheNewOneNothing() throws Exception {
    Connection adas = signIn(ADA, "adas");
    var pending = runtime.consents().beginDevice(ADA, adas.id(), consentOptions());

    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThatExceptionOfType(ConsentException.class).isThrownBy(pending::await);
    assertThat(seen(adas.id()).status().reason()).isEqualTo(Reason.HANDED_OVER);
  }

  @Test
  void aSignInBringsNothingToAConnectionThatIsDisabledMeanwhile() throws Exception {
    Connection adas = signIn(ADA, "adas");
    long signedIn = store.findCredential(adas.id(), "acquired").orElseThrow().version();
    var pending = runtime.consents().beginDevice(ADA, adas.id(), consentOptions());
    runtime.connections().disable(ROOT, adas.id(), LEAKED);
    service.resetRequests();

    assertRefused(pending::await);

    service.verify(0, getRequestedFor(urlEqualTo("/me")));
    assertThat(store.findCredential(adas.id(), "acquired").orElseThrow().version())
        .isEqualTo(signedIn);
  }

  @Test
  @Tag("I1")
  void aSignInBringsNothingOfSomebodyWhoMayNotManageTheConnectionAnyMore() throws Exception {
    Connection adas = signIn(ADA, "adas");
    runtime.connections().grant(ADA, adas.id(), BOB.principal(), Right.MANAGE);
    ConsentOptions another = ConsentOptions.standard().allowingOtherAccount();
    var pending = runtime.consents().beginDevice(BOB, adas.id(), another);
    theSignInBrings("bobs");
    runtime.connections().revoke(ADA, adas.id(), BOB.principal());

    assertThatExceptionOfType(NotFoundException.class).isThrownBy(pending::await);

    theServiceAccepts("adas");
    use(ADA);
  }

  @Test
  void whatWasBoundToItAndGrantedOnItBecomesTheNewOwners() throws Exception {
    Connection adas = signIn(ADA, "adas");
    runtime.references().bind(ADA, SHARED, adas.id());
    Caller eve = Principal.user("eve").in("dev");
    runtime.references().grant(ADA, SHARED, eve.principal());

    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());
    theSignInBrings("bobs");
    runtime.consents().beginDevice(BOB, adas.id(), consentOptions()).await();

    Flow bobs = Flow.of("desk", BOB.principal());
    runtime.invoke(BOB.running(bobs), SHARED, Tickets.GET, new TicketId("1"));
    Flow eves = Flow.of("eves", eve.principal());
    runtime.invoke(
        eve.running(eves), SHARED.ownedBy(BOB.principal()), Tickets.GET, new TicketId("1"));
    Flow adasFlow = Flow.of("desk", ADA.principal());
    assertThatExceptionOfType(ResolutionException.Unbound.class)
        .isThrownBy(
            () -> runtime.invoke(ADA.running(adasFlow), SHARED, Tickets.GET, new TicketId("1")));
  }

  @Test
  void whatIsGrantedOnAConnectionGoesOnUnderItsNewOwner() throws Exception {
    Connection adas = signIn(ADA, "adas");
    Principal eve = Principal.user("eve");
    Instant end = clock.instant().plus(Duration.ofDays(1));
    runtime.connections().grant(ADA, adas.id(), eve, Right.USE, end);
    runtime.connections().grant(ADA, adas.id(), BOB.principal(), Right.MANAGE);

    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThat(runtime.connections().grants(BOB, adas.id()))
        .containsExactly(new Grant(eve, Right.USE, BOB.principal(), end));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().grants(ADA, adas.id()));
  }

  @Test
  @Tag("I1")
  void whatHadEndedOnAConnectionDoesNotComeBackUnderItsNewOwner() {
    ConnectionId adas = connect(ADA, "k").id();
    var connections = runtime.connections();
    Instant end = clock.instant().plusSeconds(60);
    connections.grant(ADA, adas, BOB.principal(), Right.OWN, end);
    connections.grant(BOB, adas, Principal.user("eve"), Right.USE);
    clock.advance(Duration.ofSeconds(60));

    connections.handOver(ROOT, adas, BOB.principal());

    assertThat(connections.grants(BOB, adas)).isEmpty();
  }

  @Test
  void aReferenceThatTheNewOwnerHasStays() throws Exception {
    Connection adas = signIn(ADA, "adas");
    Connection bobs = connect(BOB, "bobs-key");
    runtime.references().bind(ADA, SHARED, adas.id());
    runtime.references().bind(BOB, SHARED, bobs.id());

    runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThat(runtime.references().binding(BOB, SHARED)).contains(bobs.id());
  }

  @Test
  void itIsHandedOverToAnotherUserOrService() {
    Connection adas = connect(ADA, "k");

    for (Principal nobody : List.of(ADA.principal(), Principal.group("staff"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> runtime.connections().handOver(ROOT, adas.id(), nobody))
          .withMessage("Hand the connection over to another user or service than " + nobody);
    }
    assertThat(runtime.connections().get(ADA, adas.id()).version()).isEqualTo(adas.version());
  }

  @Test
  void aDisabledConnectionThatIsHandedOverStaysDisabled() {
    Connection adas = connect(ADA, "k");
    runtime.connections().disable(ROOT, adas.id(), LEAKED);

    Connection bobs = runtime.connections().handOver(ROOT, adas.id(), BOB.principal());

    assertThat(bobs.status().state()).isEqualTo(State.DISABLED);
    assertThat(runtime.connections().enable(ROOT, adas.id()).status().reason())
        .isEqualTo(Reason.HANDED_OVER);
  }
}
