package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged;
import dev.connectorsdk.api.event.ConnectorEvent.RightsChanged.Act;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import dev.connectorsdk.runtime.Tickets.Query;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What run-only users of Ada's flow and of her app get, both of which Bob co-owns. */
@Tag("I1")
class RunOnlyUsersTest extends HostTest {

  private static final Caller CYD = Principal.user("cyd").in("dev");
  private static final Flow FLOW =
      Flow.of("triage", ADA.principal())
          .coOwnedBy(BOB.principal())
          .runnableBy(CYD.principal())
          .using(SHARED, MINE);
  private static final Flow APP =
      Flow.app("desk", ADA.principal())
          .coOwnedBy(BOB.principal())
          .runnableBy(CYD.principal())
          .calling(SHARED, Tickets.GET.id());

  private final InMemoryStore store = new InMemoryStore();
  private final KeyRing keys = KeyRing.random();

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .store(store, keys)
        .client("tickets", "device", ClientRegistration.publicClient("app"));
  }

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .auth(
            AuthOption.oauth2(OAuth2Scheme.deviceCode(url() + "/device", url() + "/token"))
                .named("device"))
        .build();
  }

  @BeforeEach
  void adaHasBoundTheReferenceAndCydHasAConnection() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    runtime.references().bind(ADA, SHARED, connect(ADA, "adas").id());
    connect(CYD, "cyds");
  }

  private void uses(Caller caller, String key) {
    uses(runtime, caller, key);
  }

  private static void uses(ConnectorRuntime runtime, Caller caller, String key) {
    service.resetRequests();
    runtime.invoke(caller, SHARED, Tickets.GET, new TicketId("1"));
    service.verify(1, getRequestedFor(anyUrl()).withHeader("X-Api-Key", equalTo(key)));
  }

  // Flows

  @Test
  @DisplayName("6.4: the owner chooses for each reference what run-only users use")
  void theOwnerChoosesForEachReferenceAndMayChangeThat() {
    uses(CYD.running(FLOW), "adas");

    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);
    uses(CYD.running(FLOW), "cyds");

    runtime.references().letRunOnlyUsersUse(ADA.running(FLOW), SHARED);
    uses(CYD.running(FLOW), "adas");
  }

  @Test
  @DisplayName("6.4: triggers always run with embedded connections")
  void theChoiceHasNoEffectOnOwnersAndTriggers() {
    connect(BOB, "bobs");
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);

    uses(ADA.running(FLOW), "adas");
    uses(BOB.running(FLOW), "adas");
    uses(FLOW.in(ADA.environment()), "adas");
  }

  @Test
  @DisplayName("6.3: a flow that an app uses has run-only users of its own")
  void theChoiceIsOfOneFlowAlone() {
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);
    Flow other = Flow.of("report", ADA.principal()).runnableBy(CYD.principal()).using(SHARED);

    uses(CYD.running(other), "adas");
  }

  @Test
  void theChoiceIsKept() {
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);
    try (ConnectorRuntime other = with(builder()).build()) {
      uses(other, CYD.running(FLOW), "cyds");
      runtime.references().letRunOnlyUsersUse(ADA.running(FLOW), SHARED);
      clock.advance(Duration.ofSeconds(5));
      uses(other, CYD.running(FLOW), "adas");
    }
  }

  @Test
  void useForATimeEndsByItself() {
    var until = clock.instant().plusSeconds(60);
    runtime.references().letRunOnlyUsersUse(ADA.running(FLOW), SHARED, until);
    clock.advance(Duration.ofMillis(59_999));
    uses(CYD.running(FLOW), "adas");

    clock.advance(Duration.ofMillis(1));

    uses(CYD.running(FLOW), "cyds");
    uses(ADA.running(FLOW), "adas");
  }

  @Test
  void whoBringsAnOwnConnectionMayChooseAmongSeveral() {
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);
    Connection second = connect(CYD, "second");
    assertThatExceptionOfType(ResolutionException.Ambiguous.class)
        .isThrownBy(() -> uses(CYD.running(FLOW), "any"));

    runtime.references().bind(CYD.running(FLOW), SHARED, second.id());

    uses(CYD.running(FLOW), "second");
    assertThat(runtime.references().binding(CYD.running(FLOW), SHARED)).contains(second.id());
    uses(ADA.running(FLOW), "adas");
    assertThat(runtime.references().unbind(CYD.running(FLOW), SHARED)).isTrue();
  }

  @Test
  void onlyTheOwnerOfTheFlowChooses() {
    for (Caller caller : List.of(BOB.running(FLOW), CYD.running(FLOW))) {
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().letRunOnlyUsersUse(caller, SHARED))
          .withMessageEndingWith("only the owner of the flow says what its run-only users get.");
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().letRunOnlyUsersBringOwn(caller, SHARED));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), MINE))
        .withMessage("Reference 'my-tickets' has nothing to share: callers bring theirs");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().letRunOnlyUsersBringOwn(ADA, SHARED))
        .withMessage("Say for which flow: caller.running(flow)");
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () ->
                runtime
                    .references()
                    .letRunOnlyUsersUse(
                        ADA.running(FLOW), ConnectionReference.embedded("other", "tickets")))
        .withMessageEndingWith("the flow does not declare this reference.");
  }

  // Apps

  private ImpactPreview preview(Caller caller) {
    return runtime.references().previewShare(caller);
  }

  private void confirm(Caller caller) {
    runtime.references().confirmShare(caller, preview(caller));
  }

  @Test
  @DisplayName("6.1, 6.3: everyone uses the author's credential once its sharing is confirmed")
  void usersOfAnAppBringOwnConnectionsUntilTheShareIsConfirmed() {
    uses(CYD.running(APP), "cyds");
    ImpactPreview preview = preview(ADA.running(APP));
    uses(CYD.running(APP), "cyds");

    runtime.references().confirmShare(ADA.running(APP), preview);

    uses(CYD.running(APP), "adas");
    uses(BOB.running(APP), "adas");
  }

  @Test
  @DisplayName("6.3: users get a proxy that is limited to what the app does")
  void aShareIsLimitedToTheOperationsThatTheAppDeclares() {
    confirm(ADA.running(APP));
    service.resetRequests();

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () -> runtime.invoke(CYD.running(APP), SHARED, Tickets.LIST, new Query("open", 1)))
        .withMessageEndingWith("the connection is shared for other operations alone.");
    OkHttpClient client =
        runtime
            .references()
            .resolve(CYD.running(APP), SHARED)
            .unwrap(OkHttpClient.class, Tickets.GET.id(), Effect.READ);
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () ->
                client
                    .newCall(new Request.Builder().url(url() + "/tickets/1").build())
                    .execute()
                    .close());
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("6.3: what the app does later it has to be published for again")
  void anOperationThatIsDeclaredLaterNeedsAnotherConfirmation() {
    confirm(ADA.running(APP));
    Flow more = APP.calling(SHARED, Tickets.LIST.id());
    service.stubFor(get("/tickets?status=open&limit=1").willReturn(okJson("[]")));
    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(
            () -> runtime.invoke(CYD.running(more), SHARED, Tickets.LIST, new Query("open", 1)));

    confirm(ADA.running(more));

    assertThat(runtime.invoke(CYD.running(more), SHARED, Tickets.LIST, new Query("open", 1)))
        .isEmpty();
  }

  @Test
  void aConfirmationIsRefusedIfWhatThePreviewShowedHasChanged() {
    ImpactPreview preview = preview(ADA.running(APP));
    runtime.references().bind(ADA, SHARED, connect(ADA, "others").id());

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmShare(ADA.running(APP), preview));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(
            () ->
                runtime
                    .references()
                    .confirmShare(
                        ADA.running(APP.calling(SHARED, Tickets.DELETE.id())),
                        preview(ADA.running(APP))));
    uses(CYD.running(APP), "cyds");
  }

  @Test
  @DisplayName("6.3: nobody else's credentials are shared")
  void aConnectionOfACoOwnerWaitsForThatCoOwner() {
    runtime.references().bind(BOB.running(APP), SHARED, connect(BOB, "bobs").id());

    assertThat(treatments(ADA.running(APP))).containsExactly(Treatment.WAITING);
    confirm(ADA.running(APP));
    uses(CYD.running(APP), "cyds");

    confirm(BOB.running(APP));
    uses(CYD.running(APP), "bobs");
    assertThat(treatments(ADA.running(APP))).containsExactly(Treatment.SHARED);
  }

  private List<Treatment> treatments(Caller caller) {
    return preview(caller).references().stream().map(Item::treatment).toList();
  }

  @Test
  @DisplayName("6.3: sharing can be revoked")
  void whoHasSharedAConnectionTakesItBack() {
    runtime.references().bind(BOB.running(APP), SHARED, connect(BOB, "bobs").id());
    confirm(BOB.running(APP));

    runtime.references().letRunOnlyUsersBringOwn(BOB.running(APP), SHARED);

    uses(CYD.running(APP), "cyds");
  }

  @Test
  void anotherConnectionThatIsBoundLaterIsNotShared() {
    confirm(ADA.running(APP));
    runtime.references().bind(ADA, SHARED, connect(ADA, "others").id());

    uses(CYD.running(APP), "cyds");
    uses(ADA.running(APP), "others");
  }

  @Test
  void aShareIsOfWhoeverHasConfirmedItAndNotOfTheNextOwner() {
    Connection bobs = connect(BOB, "bobs");
    runtime.references().bind(BOB.running(APP), SHARED, bobs.id());
    confirm(BOB.running(APP));
    uses(CYD.running(APP), "bobs");
    Principal dan = Principal.user("dan");
    Flow dansToo = APP.coOwnedBy(dan);

    runtime.connections().handOver(Administrator.of(Principal.user("root"), "dev"), bobs.id(), dan);
    runtime
        .connections()
        .update(
            dan.in("dev"),
            bobs.id(),
            ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("dans")));

    uses(ADA.running(dansToo), "dans");
    uses(CYD.running(dansToo), "cyds");
  }

  @Test
  void aShareEndsWhenItsConnectionBecomesAPersonsSignIn() {
    confirm(ADA.running(APP));
    uses(CYD.running(APP), "adas");

    Connection adas = runtime.connections().list(ADA).get(0);
    runtime.connections().update(ADA, adas.id(), ConnectionSpec.of("tickets", "device"));

    uses(CYD.running(APP), "cyds");
  }

  @Test
  @DisplayName("6.1, 6.2: a person's sign-in is not shared, and each user brings a connection")
  void whatDoesNotGoAlongIsNamedWithTheReason() {
    ConnectionReference unbound = ConnectionReference.embedded("unbound", "tickets");
    Flow app = APP.using(MINE, unbound).calling(unbound, Tickets.GET.id());

    ImpactPreview preview = preview(ADA.running(app));

    assertThat(preview.text())
        .isEqualTo(
            """
            Sharing desk in dev
              team-tickets, connector tickets: users use 'Tickets'. It is the caller's, who confirms this. Operations: getTicket.
              my-tickets, connector tickets: each user brings an own connection. It is a reference for which each user brings one.
              unbound, connector tickets: each user brings an own connection. It is bound to no connection.
                choice: 'Tickets' may be bound
              user:cyd gains team-tickets; needs an own connection for my-tickets, unbound
            """);
  }

  @Test
  void anAppThatDeclaresNoOperationsSharesNothing() {
    Flow app = Flow.app("desk", ADA.principal()).runnableBy(CYD.principal()).using(SHARED);

    assertThat(preview(ADA.running(app)).references())
        .extracting(Item::treatment, Item::why)
        .containsExactly(
            tuple(Treatment.BRING_OWN, "The app does not declare which operations it calls."));
    confirm(ADA.running(app));
    uses(CYD.running(app), "cyds");
  }

  @Test
  void whoDoesNotOwnTheAppPreviewsAndConfirmsNothing() {
    ImpactPreview adas = preview(ADA.running(APP));

    assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> preview(CYD.running(APP)));
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.references().confirmShare(CYD.running(APP), adas));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.references().confirmShare(BOB.running(APP), adas));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runtime.references().letRunOnlyUsersUse(ADA.running(APP), SHARED))
        .withMessage(
            "What users of app 'desk' get is shown by a preview, and shared when that is"
                + " confirmed");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> runtime.references().confirmShare(ADA.running(FLOW), preview(ADA.running(FLOW))))
        .withMessage("Flow 'triage' is no app");
  }

  @Test
  void eachChangeIsOneEvent() {
    events.clear();
    runtime.references().letRunOnlyUsersBringOwn(ADA.running(FLOW), SHARED);
    confirm(ADA.running(APP));

    Connection adas = runtime.connections().list(ADA).get(0);
    assertThat(heard(RightsChanged.class))
        .containsExactly(
            new RightsChanged(
                clock.instant(),
                ADA.running(FLOW),
                Act.NOT_SHARED,
                SHARED.connector(),
                SHARED.logicalName(),
                null,
                null),
            new RightsChanged(
                clock.instant(),
                ADA.running(APP),
                Act.SHARED,
                SHARED.connector(),
                SHARED.logicalName(),
                adas.id(),
                null));
  }
}
