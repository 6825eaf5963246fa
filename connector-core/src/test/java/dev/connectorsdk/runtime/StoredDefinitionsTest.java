package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectionStatus.Reason;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.DefinitionChanged;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.DefinitionStore;
import dev.connectorsdk.api.spi.DefinitionStore.DefinitionKey;
import dev.connectorsdk.api.spi.DefinitionStore.StoredDefinition;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.DefinitionPreview;
import dev.connectorsdk.definition.DefinitionPreview.Moved;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.Definitions.Saved;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.Tickets.TicketId;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Connectors that administrators register, replace and remove while the runtime runs. */
class StoredDefinitionsTest extends TriggerHostTest {

  private static final Administrator WHOLE = Administrator.ofRuntime(Principal.user("root"));
  private static final Administrator OF_DEV = Administrator.of(Principal.user("dee"), "dev");
  private static final Administrator OF_PROD = Administrator.of(Principal.user("pru"), "prod");
  private static final Caller IN_PROD = ADA.principal().in("prod");
  private static final ConnectorId DESK = ConnectorId.of("desk");
  private static final ConnectionReference MY_DESK = ConnectionReference.invoker("my-desk", "desk");
  private static final ConnectionReference TEAM_DESK =
      ConnectionReference.embedded("team-desk", "desk");
  private static final ConnectionReference TEAM_TICKETS =
      ConnectionReference.embedded("team-tickets", "tickets");
  private static final ConnectionSpec WITH_KEY =
      ConnectionSpec.of("desk", "apiKey").secret("api_key", Secret.of("k3y"));
  private static final ConnectionSpec WITHOUT_KEY = ConnectionSpec.of("desk", "apiKey");
  private static final Connector OWN =
      Connector.builder("own", "https://own.test").auth(AuthOption.apiKeyHeader("X-Key")).build();
  private static final Duration LOOK = Duration.ofSeconds(61);

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.storedDefinitions().publicAddress("https://host.test/hooks");
  }

  private static DeskText desk() {
    return DeskText.on(service.port());
  }

  /** Makes a connection whose owner has seen where the key goes. */
  private static Connection connectDesk(ConnectorRuntime node) {
    return node.connections().create(ADA, shown(node, WITH_KEY));
  }

  private static ConnectionSpec shown(ConnectorRuntime node, ConnectionSpec spec) {
    return spec.sentTo(node.connections().reach(ADA, spec.connector(), spec.authOption()));
  }

  private static void answer(String path) {
    service.stubFor(
        get(path + "/where")
            .withHeader("X-Key", equalTo("k3y"))
            .willReturn(okJson("\"" + path + "\"")));
  }

  private Saved save(Administrator administrator, DeskText text, long replaced) {
    return save(runtime, administrator, text.text(), replaced);
  }

  private static Saved save(
      ConnectorRuntime node, Administrator administrator, DefinitionText text, long replaced) {
    return node.definitions()
        .save(administrator, node.definitions().preview(administrator, text, replaced));
  }

  private String where(Caller caller) {
    return where(runtime, caller);
  }

  private static String where(ConnectorRuntime node, Caller caller) {
    return node.invoke(caller, MY_DESK, "Where", Nothing.NOTHING).path("body").stringValue();
  }

  private ReferenceReadiness readiness() {
    return runtime.references().readiness(ADA, List.of(MY_DESK)).get(0);
  }

  private ConnectionStatus status(Connection connection) {
    return runtime.connections().list(ADA).stream()
        .filter(one -> one.id().equals(connection.id()))
        .findFirst()
        .orElseThrow()
        .status();
  }

  // Registering

  @Test
  void aConnectorIsThereAsSoonAsItIsSaved() {
    answer("/a");

    Saved saved = save(OF_DEV, desk(), 0);
    connectDesk(runtime);

    assertThat(saved).isEqualTo(new Saved(Environment.of("dev"), DESK, 1, null));
    assertThat(where(ADA)).isEqualTo("/a");
    assertThat(runtime.connectors(ADA)).extracting(Connector::title).contains("Desk at /a");
    assertThat(runtime.connectors(IN_PROD)).extracting(Connector::id).doesNotContain(DESK);
    assertThat(runtime.definitions().find(OF_DEV, DESK)).contains(desk().text());
  }

  @Test
  void itIsThereAfterARestart() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);

    restart();

    assertThat(where(ADA)).isEqualTo("/a");
  }

  @Test
  @Tag("H2")
  void whatCannotBeUsedIsRefusedWithTheReasonAndNotStored() {
    List<DefinitionText> unusable =
        List.of(
            DefinitionText.of("desk", "{\"swagger\": \"3.0\"}", desk().text().properties()),
            DefinitionText.of("desk", "{", desk().text().properties()),
            DefinitionText.of("desk", desk().text().swagger(), "[]"),
            DefinitionText.of("desk", " ".repeat(5 * 1024 * 1024 + 1), desk().text().properties()),
            desk().text().correctedBy("{\"operations\": {\"Elsewhere\": {\"title\": \"x\"}}}"),
            desk().text().correctedBy("{\"unknown\": 1}"));

    assertThat(unusable)
        .allSatisfy(
            text ->
                assertThatExceptionOfType(DefinitionException.class)
                    .isThrownBy(() -> save(runtime, OF_DEV, text, 0)));
    assertThat(store.definitions().listDefinitions()).isEmpty();
  }

  @Test
  void thePreviewShowsWhatCanBeUsedAndWritesNothing() {
    DefinitionPreview preview = runtime.definitions().preview(OF_DEV, desk().text(), 0);

    assertThat(preview.report().operation("Where").orElseThrow().isSupported()).isTrue();
    assertThat(preview.moved()).isEmpty();
    assertThat(runtime.definitions().list(WHOLE, null, 10)).isEmpty();
  }

  @Test
  void anOverlayCorrectsIt() {
    DefinitionText corrected =
        desk().text().correctedBy("{\"operations\": {\"Where\": {\"title\": \"Ask where\"}}}");

    save(runtime, OF_DEV, corrected, 0);

    assertThat(runtime.connector(ADA, DESK).action("Where").orElseThrow().title())
        .isEqualTo("Ask where");
  }

  // Rights and ids

  @Test
  void anAdministratorOfAnEnvironmentRegistersThereAndOneOfTheRuntimeEverywhere() {
    save(OF_DEV, desk(), 0);
    save(OF_PROD, desk().at("/b"), 0);

    assertThat(runtime.connector(ADA, DESK).title()).isEqualTo("Desk at /a");
    assertThat(runtime.connector(IN_PROD, DESK).title()).isEqualTo("Desk at /b");
    assertThat(runtime.definitions().list(OF_DEV, null, 10))
        .extracting(Saved::environment)
        .containsExactly(Environment.of("dev"));
    assertThat(runtime.definitions().list(WHOLE, null, 10)).hasSize(2);
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.definitions().remove(WHOLE, DESK, 1));

    runtime.definitions().remove(WHOLE.in(Environment.of("dev")), DESK, 1);
    runtime.definitions().remove(OF_PROD, DESK, 1);
    save(WHOLE, desk(), 0);
    assertThat(runtime.connector(IN_PROD, DESK).title()).isEqualTo("Desk at /a");
  }

  @Test
  @Tag("H7")
  void anIdThatIsTakenIsRefused() {
    DefinitionText tickets =
        DefinitionText.of("tickets", desk().text().swagger(), desk().text().properties());
    for (Administrator administrator : List.of(OF_DEV, WHOLE)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> save(runtime, administrator, tickets, 0))
          .withMessageContaining("'tickets'");
    }

    save(OF_DEV, desk(), 0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> save(WHOLE, desk(), 0))
        .withMessageContaining("A custom connector of [dev] has the id 'desk' of a public");
    runtime.definitions().remove(OF_DEV, DESK, 1);
    save(WHOLE, desk(), 0);
    assertThatIllegalArgumentException().isThrownBy(() -> save(OF_PROD, desk(), 0));
  }

  @Test
  @Tag("H7")
  void ofTwoThatTakeAnIdInTheSameMomentThePublicOneCounts() {
    save(OF_DEV, desk(), 0);
    StoredDefinition custom =
        store
            .definitions()
            .findDefinition(new DefinitionKey(Environment.of("dev"), DESK))
            .orElseThrow();
    store
        .definitions()
        .writeDefinition(
            new StoredDefinition(new DefinitionKey(null, DESK), 1, custom.content()), 0);
    clock.advance(Duration.ofSeconds(5));

    assertThat(runtime.connectors(IN_PROD)).extracting(Connector::id).contains(DESK);
    assertThat(runtime.definitions().list(OF_DEV, null, 10).get(0).problem())
        .contains("has the id 'desk' of a public connector");

    DefinitionText other =
        DefinitionText.of("other", desk().text().swagger(), desk().text().properties());
    assertThat(save(runtime, OF_PROD, other, 0).version()).isEqualTo(1);
    runtime.definitions().remove(WHOLE, DESK, 1);
    assertThat(runtime.definitions().list(OF_DEV, null, 10).get(0).problem()).isNull();
  }

  @Test
  @Tag("I4")
  void aDefinitionIsReplacedInTheVersionThatWasRead() {
    DefinitionPreview first = runtime.definitions().preview(OF_DEV, desk().text(), 0);
    runtime.definitions().save(OF_DEV, first);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.definitions().save(OF_DEV, first));
    assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> save(OF_DEV, desk(), 0));
    assertThat(save(OF_DEV, desk().withTrigger("WhenNew"), 1).version()).isEqualTo(2);
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.definitions().remove(OF_DEV, DESK, 1));
    runtime.definitions().remove(OF_DEV, DESK, 2);
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.definitions().remove(OF_DEV, DESK, 2));
    assertThat(heard(DefinitionChanged.class))
        .extracting(DefinitionChanged::by, DefinitionChanged::connector, DefinitionChanged::version)
        .containsExactly(
            tuple(OF_DEV.principal(), DESK, 1L),
            tuple(OF_DEV.principal(), DESK, 2L),
            tuple(OF_DEV.principal(), DESK, 0L));
  }

  @Test
  @Tag("I4")
  void aDefinitionIsNotTakenForARemovedOneOfItsId() {
    save(OF_DEV, desk(), 0);
    DefinitionPreview stale = runtime.definitions().preview(OF_DEV, desk().at("/b").text(), 1);
    runtime.definitions().remove(OF_DEV, DESK, 1);
    assertThat(runtime.definitions().find(OF_DEV, DESK)).isEmpty();
    assertThat(runtime.definitions().list(OF_DEV, null, 10)).isEmpty();
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.definitions().save(OF_DEV, stale))
        .withMessageContaining("is not there, so there is no version 1 of it");

    assertThat(save(OF_DEV, desk(), 0).version()).isEqualTo(3);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.definitions().save(OF_DEV, stale))
        .withMessageContaining("has version 3, and the change was meant for version 1");
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.definitions().remove(OF_DEV, DESK, 1));
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> save(OF_DEV, desk(), 0))
        .withMessageContaining("is there already, in version 3");
    assertThat(runtime.definitions().find(OF_DEV, DESK)).contains(desk().text());
  }

  @Test
  void eachChangeIsInTheAudit() {
    try (ConnectorRuntime audited = inHost(builder()).audit(AuditSettings.inStore()).build()) {
      save(audited, OF_DEV, desk().text(), 0);
      clock.advance(Duration.ofSeconds(1));
      audited.definitions().remove(OF_DEV, DESK, 1);

      assertThat(audited.audit().list(OF_DEV, Filter.ALL, null, 10))
          .extracting(one -> one.actor().who(), one -> one.subject().operation())
          .containsExactly(
              tuple(OF_DEV.principal(), "definition removed"),
              tuple(OF_DEV.principal(), "definition version 1"));
    }
  }

  @Test
  void theyAreListedInPages() {
    for (String id : List.of("c", "a", "b")) {
      save(
          runtime,
          OF_DEV,
          DefinitionText.of(id, desk().text().swagger(), desk().text().properties()),
          0);
    }

    List<Saved> first = runtime.definitions().list(WHOLE, null, 2);
    assertThat(first).extracting(one -> one.connector().value()).containsExactly("a", "b");
    assertThat(runtime.definitions().list(WHOLE, first.get(1), 2))
        .extracting(one -> one.connector().value())
        .containsExactly("c");
  }

  @Test
  void withoutTheRightOfTheHostThereAreNone() {
    try (ConnectorRuntime without = ConnectorRuntime.builder().build()) {
      assertThatIllegalStateException()
          .isThrownBy(without::definitions)
          .withMessageContaining("storedDefinitions()");
    }
  }

  @Test
  void oneThatThisVersionCannotReadIsListedWithTheReason() {
    var key = new DefinitionKey(Environment.of("dev"), DESK);
    store.definitions().writeDefinition(new StoredDefinition(key, 1, "{\"later\": true}"), 0);

    assertThat(runtime.definitions().list(WHOLE, null, 10))
        .extracting(Saved::problem)
        .singleElement()
        .asString()
        .contains("is stored in a form that this version cannot read");
    assertThat(save(OF_DEV, desk(), 1).version()).isEqualTo(2);
  }

  // Replacing

  @Test
  void aConnectionStaysWhenItsConnectorIsReplaced() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);
    assertThat(where(ADA)).isEqualTo("/a");

    save(OF_DEV, desk().withTrigger("WhenNew"), 1);

    assertThat(runtime.connector(ADA, DESK).trigger("WhenNew")).isPresent();
    assertThat(where(ADA)).isEqualTo("/a");
  }

  @Test
  void aCallThatRunsEndsWithTheConnectorThatItBeganWith() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);
    var first = new AtomicBoolean(true);
    service.addMockServiceRequestListener(
        (request, response) -> {
          if (first.getAndSet(false)) {
            runtime.definitions().remove(OF_DEV, DESK, 1);
          }
        });

    assertThat(where(ADA)).isEqualTo("/a");
    assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> where(ADA));
  }

  @Test
  @DisplayName("H4: another address is shown before it is confirmed, and gets no credential")
  void credentialsStayWhereTheyWereEnteredFor() {
    answer("/a");
    answer("/b");
    save(OF_DEV, desk(), 0);
    Connection connection = connectDesk(runtime);
    where(ADA);

    DefinitionPreview preview = runtime.definitions().preview(OF_DEV, desk().at("/b").text(), 1);
    String before = "http://localhost:" + service.port() + "/a, key as HEADER X-Key";
    assertThat(preview.moved())
        .containsExactly(new Moved("apiKey", before, before.replace("/a,", "/b,")));
    assertThat(where(ADA)).isEqualTo("/a");
    assertThat(readiness().isReady()).isTrue();
    runtime.definitions().save(OF_DEV, preview);
    ReferenceReadiness moved = readiness();
    assertThat(moved.state()).isEqualTo(ReferenceReadiness.State.BROKEN);
    assertThat(moved.explanation())
        .contains("another version of its connector sends them elsewhere");
    assertThat(status(connection).message()).contains("enter the credentials again");

    assertThatExceptionOfType(ConnectorException.class).isThrownBy(() -> where(ADA));
    service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
    assertThat(status(connection).message()).contains("enter the credentials again");

    runtime.connections().update(ADA, connection.id(), shown(runtime, WITH_KEY));
    assertThat(where(ADA)).isEqualTo("/b");
  }

  @Test
  @DisplayName("H4: credentials are kept only for what their owner has seen")
  void credentialsAreKeptForWhatTheirOwnerHasSeenAlone() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    ConnectionSpec entered = shown(runtime, WITH_KEY);
    assertThat(entered.reach()).isEqualTo(url() + "/a, key as HEADER X-Key");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, WITH_KEY))
        .withMessageContaining("show Connections.reach, and hand it back by ConnectionSpec.sentTo");
    save(OF_DEV, desk().at("/b"), 1);

    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, entered))
        .withMessageStartingWith("Where connector 'desk' sends credentials was changed");
    assertThat(runtime.connections().list(ADA)).isEmpty();

    save(OF_DEV, desk().at("/a"), 2);
    Connection connection = runtime.connections().create(ADA, entered);
    assertThat(where(ADA)).isEqualTo("/a");
    save(OF_DEV, desk().at("/b"), 3);
    assertThatExceptionOfType(ConflictException.class)
        .isThrownBy(() -> runtime.connections().update(ADA, connection.id(), entered));
    save(OF_DEV, desk().at("/a"), 4);
    assertThat(where(ADA)).isEqualTo("/a");
    runtime.connections().update(ADA, connection.id(), WITHOUT_KEY.named("same key"));
    assertThat(where(ADA)).isEqualTo("/a");
  }

  @Test
  @DisplayName("H4: what the builder has nobody replaces, so nothing need be seen")
  void ofAConnectorOfTheBuilderNothingNeedBeSeen() {
    assertThat(runtime.connections().reach(ADA, "tickets", "apiKey")).isEmpty();
    assertThat(connect(ADA, "key").status().isConnected()).isTrue();
  }

  @Test
  @DisplayName("H4: so is another place for the key")
  void anotherPlaceForAKeyIsShown() {
    save(OF_DEV, desk(), 0);

    DefinitionPreview preview =
        runtime.definitions().preview(OF_DEV, desk().withKeyIn("query").text(), 1);

    assertThat(preview.moved()).extracting(Moved::after).first().asString().contains("as QUERY");
  }

  @Test
  @DisplayName("H4: so is another way to send it")
  void anotherKindOfCredentialIsShown() {
    LoadOptions basic = LoadOptions.standard().authOption(AuthOption.basic().named("own"));
    LoadOptions bearer = LoadOptions.standard().authOption(AuthOption.bearer().named("own"));
    var options = new AtomicReference<>(basic);
    try (ConnectorRuntime node = inHost(builder()).storedDefinitions(id -> options.get()).build()) {
      save(node, OF_DEV, desk().text(), 0);
      options.set(bearer);

      DefinitionPreview preview = node.definitions().preview(OF_DEV, desk().text(), 1);

      String place = url() + "/a, ";
      assertThat(preview.moved())
          .containsExactly(
              new Moved(
                  "own",
                  place + "user name and password as HEADER Authorization",
                  place + "token as HEADER Authorization"));
    }
  }

  @Test
  @DisplayName("H4: so is whatever a policy makes the address of")
  void anotherAddressThatAPolicyFallsBackToGetsNoCredential() {
    answer("/a");
    answer("/b");
    String host = "http://localhost:" + service.port();
    String template = "@connectionParameters('site','" + host + "%s')";
    save(OF_DEV, desk().movedTo(template.formatted("/a")), 0);
    connectDesk(runtime);
    assertThat(where(ADA)).isEqualTo("/a");

    DefinitionText moved = desk().movedTo(template.formatted("/b")).text();
    assertThat(runtime.definitions().preview(OF_DEV, moved, 1).moved())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.before()).contains(template.formatted("/a"));
              assertThat(one.after()).contains(template.formatted("/b"));
            });
    save(runtime, OF_DEV, moved, 1);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> where(ADA))
        .satisfies(e -> assertThat(e.remedy()).startsWith("Enter the credentials again"));
    assertThatExceptionOfType(ResolutionException.Broken.class)
        .as("the connection says so by now")
        .isThrownBy(() -> where(ADA));
    service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
  }

  @Test
  @DisplayName("H4: one that is replaced while a credential is decrypted does not get it")
  void aConnectorThatComesWhileACredentialIsDecryptedDoesNotGetIt() {
    connected();
    var meanwhile = new AtomicReference<Runnable>(() -> {});
    try (ConnectorRuntime node = decrypting(meanwhile)) {
      DefinitionPreview moved = node.definitions().preview(OF_DEV, desk().at("/b").text(), 1);
      meanwhile.set(() -> node.definitions().save(OF_DEV, moved));

      assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> where(node, ADA));
    }
    service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
  }

  @Test
  @DisplayName("H4: nor does one that is replaced while its owner changes the connection")
  void aConnectorThatComesWhileAConnectionIsUpdatedDoesNotGetItsCredential() {
    Connection connection = connected();
    var meanwhile = new AtomicReference<Runnable>(() -> {});
    try (ConnectorRuntime node = decrypting(meanwhile)) {
      DefinitionPreview moved = node.definitions().preview(OF_DEV, desk().at("/b").text(), 1);
      meanwhile.set(() -> node.definitions().save(OF_DEV, moved));

      node.connections().update(ADA, connection.id(), WITHOUT_KEY);
      assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> where(node, ADA));
    }
    service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
  }

  /** Returns a connection to a service that is at two addresses. */
  private Connection connected() {
    answer("/a");
    answer("/b");
    save(OF_DEV, desk(), 0);
    return connectDesk(runtime);
  }

  /** Returns a process in which something happens once before the next secret is decrypted. */
  private ConnectorRuntime decrypting(AtomicReference<Runnable> meanwhile) {
    SecretCipher slow =
        StoreProxy.of(
            SecretCipher.class,
            (method, arguments) -> {
              if (method.getName().equals("decrypt")) {
                meanwhile.getAndSet(() -> {}).run();
              }
              return method.invoke(keys, arguments);
            });
    return with(builder().store(store, slow)).build();
  }

  @Test
  @DisplayName("H4: what a version does gets the credentials of that version alone")
  void anActionOfAnotherVersionGetsNoCredential() {
    connected();
    var meanwhile = new AtomicReference<Runnable>(() -> {});
    PolicyStore slow =
        StoreProxy.of(
            PolicyStore.class,
            (method, arguments) -> {
              meanwhile.getAndSet(() -> {}).run();
              return method.invoke(store.policies(), arguments);
            });
    try (ConnectorRuntime node = over("policies", slow)) {
      assertThat(where(node, ADA)).isEqualTo("/a");
      String elsewhere = "http://localhost:" + service.port() + "/b";
      save(node, OF_DEV, desk().movedTo(elsewhere).text(), 1);
      clock.advance(Duration.ofSeconds(5));
      meanwhile.set(() -> save(node, OF_DEV, desk().text(), 2)); // once the action is found

      assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> where(node, ADA));
      service.verify(0, getRequestedFor(urlEqualTo("/b/where")));
      assertThat(where(node, ADA)).isEqualTo("/a");
    }
  }

  @Test
  @DisplayName("H4: a connector of the same id that takes another's place gets no credential")
  void aConnectorThatTakesThePlaceOfARemovedOneGetsNoCredential() {
    answer("/b");
    save(WHOLE, desk(), 0);
    connectDesk(runtime);
    runtime.definitions().remove(WHOLE, DESK, 1);

    save(OF_DEV, desk().at("/b"), 0);

    assertThatExceptionOfType(SecretUnreadableException.class).isThrownBy(() -> where(ADA));
    service.verify(0, getRequestedFor(anyUrl()));
  }

  @Test
  void aConnectionThatLacksAParameterSaysSo() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    Connection connection = connectDesk(runtime);
    where(ADA);

    save(OF_DEV, desk().asking("team"), 1);

    assertThat(status(connection).reason()).isEqualTo(Reason.CONFIGURATION);
    assertThat(status(connection).message()).contains("[team]");
    assertThatExceptionOfType(ResolutionException.Broken.class).isThrownBy(() -> where(ADA));

    save(OF_DEV, desk(), 2);
    assertThat(status(connection).isConnected()).isTrue();
  }

  // Removing

  @Test
  void whatLacksItsConnectorIsAmongTheConnectionsWithAnError() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    ConnectionId lacking = connectDesk(runtime).id();
    ConnectionId other = connect(ADA, "k").id();

    runtime.definitions().remove(OF_DEV, DESK, 1);

    assertThat(listed(ConnectionStatus.State.ERROR)).containsExactly(lacking);
    assertThat(listed(ConnectionStatus.State.CONNECTED)).containsExactly(other);
  }

  private List<ConnectionId> listed(ConnectionStatus.State state) {
    return runtime.connections().list(OF_DEV, ConnectionQuery.all().inState(state)).stream()
        .map(Connection::id)
        .toList();
  }

  @Test
  void whileItsConnectorIsMissingAConnectionIsKeptAndSaysSo() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    Connection connection = connectDesk(runtime);
    where(ADA);

    runtime.definitions().remove(OF_DEV, DESK, 1);

    String missing = "No connector 'desk'. Environment 'dev' has [tickets].";
    assertThat(status(connection).reason()).isEqualTo(Reason.CONNECTOR_MISSING);
    assertThat(status(connection).message()).startsWith(missing);
    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> where(ADA))
        .withMessageStartingWith(missing);
    assertThat(runtime.references().readiness(ADA, List.of(MY_DESK)))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.state()).isEqualTo(ReferenceReadiness.State.BROKEN);
              assertThat(one.explanation()).startsWith(missing);
            });

    save(OF_DEV, desk(), 0);
    assertThat(status(connection).isConnected()).isTrue();
    assertThat(where(ADA)).isEqualTo("/a");
  }

  @Test
  void aConnectionWhoseConnectorIsMissingCanBeDeleted() {
    save(OF_DEV, desk(), 0);
    Connection connection = connectDesk(runtime);
    runtime.definitions().remove(OF_DEV, DESK, 1);

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();
  }

  @Test
  @Tag("I3")
  void subscriptionsWaitForConnectorAndTriggerAndGoOn() {
    save(OF_DEV, desk(), 0);
    Subscription subscription = subscribeToChanges();
    run();
    runAfter(ROUND);
    assertThat(handled).containsExactly("T-1");

    runtime.definitions().remove(OF_DEV, DESK, 1);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).startsWith("No connector 'desk'.");

    save(OF_DEV, desk().withTrigger("WhenNew"), 0);
    runAfter(LOOK);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).startsWith("No trigger 'WhenChanged'.");

    save(OF_DEV, desk(), 3);
    goesOnWithWhatHasChanged(subscription);
  }

  @Test
  void aSubscriptionWaitsWhileItsTriggerAsksForMore() {
    save(OF_DEV, desk(), 0);
    Subscription subscription = subscribeToChanges();
    run();

    save(OF_DEV, desk().withTriggerAsking("shop"), 1);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("trigger 'WhenChanged'", "shop");

    save(OF_DEV, desk(), 2);
    goesOnWithWhatHasChanged(subscription);
  }

  @Test
  void aSubscriptionWaitsWhileItsTriggerIsOfAnotherKind() {
    save(OF_DEV, desk(), 0);
    Subscription subscription = subscribeToChanges();
    run();

    save(OF_DEV, desk().withWebhook(), 1);
    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("it was a polling trigger");
  }

  @Test
  void aSubscriptionEndsAlthoughItsTriggerIsOfAnotherKind() {
    save(OF_DEV, desk().withWebhook(), 0);
    service.stubFor(post("/a/hooks").willReturn(aResponse().withStatus(201)));
    Subscription subscription = subscribeToChanges();
    run();
    save(OF_DEV, desk(), 1);

    runtime.triggers().unsubscribe(ADAS_FLOW, subscription.id());
    for (int tries = 0; tries < 30; tries++) {
      runAfter(Duration.ofHours(2));
    }

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ENDED);
    assertThat(inspect(subscription).reason())
        .startsWith("Registrations may be left at the service")
        .contains("it was a webhook");
  }

  /** Subscribes, with one change in the list. */
  private Subscription subscribeToChanges() {
    Connection connection = connectDesk(runtime);
    runtime.references().bind(ADA, TEAM_DESK, connection.id());
    changes("T-1");
    return runtime
        .triggers()
        .subscribe(ADAS_FLOW, SubscriptionSpec.of(TEAM_DESK, "WhenChanged", Map.of(), "announce"));
  }

  private static void changes(String... ids) {
    String items =
        String.join(
            ",",
            List.of(ids).stream().map(id -> "{\"id\":\"" + id + "\",\"group\":\"g\"}").toList());
    service.stubFor(get("/a/changes").willReturn(okJson("[" + items + "]")));
  }

  // Policies

  @Test
  @Tag("I3")
  void dataPoliciesSortAConnectorThatWasRegisteredLater() {
    Environment dev = Environment.of("dev");
    Flow flow = FLOW.calling(MY_DESK, "Where");
    runtime
        .policies()
        .save(
            WHOLE,
            DataPolicy.named("p").customConnectors("http://localhost*", Group.BLOCKED).build(),
            0);
    assertThat(runtime.policies().check(dev, flow).isAllowed()).isTrue();

    save(OF_DEV, desk(), 0);
    assertThat(runtime.policies().check(dev, flow).isAllowed()).isFalse();

    runtime.definitions().remove(OF_DEV, DESK, 1);
    assertThat(runtime.policies().check(dev, flow).isAllowed()).isTrue();
  }

  @Test
  @Tag("I3")
  void dataPoliciesFollowAConnectorThatIsReplaced() {
    answer("/a");
    String elsewhere = url() + "/b*";
    runtime
        .policies()
        .save(WHOLE, DataPolicy.named("p").customConnectors(elsewhere, Group.BLOCKED).build(), 0);
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);
    assertThat(where(ADA)).isEqualTo("/a");

    save(OF_DEV, desk().at("/b"), 1);

    assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> where(ADA));
  }

  // Privileged accounts

  @Test
  @Tag("I1")
  void oneThatCanChangeSomethingIsSensitiveAsSoonAsItIsThere() {
    try (ConnectorRuntime node =
        inHost(builder()).privileged(one -> true).sensitive("tickets").build()) {
      save(node, OF_DEV, desk().text(), 0);
      Connection connection = connectDesk(node);
      assertThat(node.references().previewBind(ADA, TEAM_DESK, connection.id()).warnings())
          .isEmpty();

      save(node, OF_DEV, desk().withDeletion().text(), 1);

      assertThat(node.references().previewBind(ADA, TEAM_DESK, connection.id()).warnings())
          .hasSize(1);
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> node.references().bind(ADA, TEAM_DESK, connection.id()))
          .withMessageContaining("has to be confirmed");
    }
  }

  @Test
  @Tag("I1")
  void theHostNamesOneThatIsNotThereYetAsSensitive() {
    try (ConnectorRuntime node =
        inHost(builder()).privileged(one -> true).sensitive("desk").build()) {
      save(node, OF_DEV, desk().text(), 0);
      Connection connection = connectDesk(node);

      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> node.references().bind(ADA, TEAM_DESK, connection.id()))
          .withMessageContaining("has to be confirmed");
    }
  }

  // The host's client

  @Test
  @DisplayName("H7: the host's client is sent only where the host has said")
  void theClientOfTheHostIsSentOnlyWhereItSays() {
    LoadOptions signIn =
        LoadOptions.standard()
            .authOption(
                AuthOption.oauth2(
                        OAuth2Scheme.authorizationCode(url() + "/authorize", url() + "/token"))
                    .named("signIn"));
    ConnectionSpec spec = ConnectionSpec.of("desk", "signIn");
    ClientRegistration client = CLIENT.redirectingTo(URI.create("https://app.test/callback/desk"));

    try (ConnectorRuntime open = signingIn(signIn, client)) {
      save(open, WHOLE, desk().text(), 0);
      assertThatExceptionOfType(InvalidInputException.class)
          .isThrownBy(() -> open.consents().begin(ADA, spec, "s"))
          .withMessageContaining("ConnectionSpec.sentTo");
      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> open.consents().begin(ADA, shown(open, spec), "s"))
          .withMessageContaining("name the origin with ClientRegistration.sentTo");
    }
    try (ConnectorRuntime limited = signingIn(signIn, client.sentTo(url()))) {
      assertThat(
              limited
                  .consents()
                  .begin(ADA, shown(limited, spec), "s")
                  .authorizationUrl()
                  .toString())
          .startsWith(url() + "/authorize");
    }
  }

  /** Returns a process that has a client for a connector which need not be there yet. */
  private ConnectorRuntime signingIn(LoadOptions options, ClientRegistration client) {
    return inHost(builder())
        .storedDefinitions(id -> options)
        .client("desk", "signIn", client)
        .build();
  }

  // Other processes

  @Test
  void otherProcessesFollowWithinTheFreshness() {
    answer("/a");
    try (ConnectorRuntime other = node()) {
      assertThat(other.connectors(ADA)).extracting(Connector::id).doesNotContain(DESK);
      save(OF_DEV, desk(), 0);
      connectDesk(runtime);

      clock.advance(Duration.ofSeconds(5));
      assertThat(where(other, ADA)).isEqualTo("/a");

      save(OF_DEV, desk().withTrigger("WhenNew"), 1);
      clock.advance(Duration.ofSeconds(5));
      assertThat(other.connector(ADA, DESK).trigger("WhenNew")).isPresent();

      runtime.definitions().remove(OF_DEV, DESK, 2);
      clock.advance(Duration.ofSeconds(5));
      assertThat(other.connections().list(ADA))
          .extracting(one -> one.status().reason())
          .containsExactly(Reason.CONNECTOR_MISSING);
      assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> where(other, ADA));
    }
  }

  @Test
  @DisplayName("I3: what another process replaces suspends flows here within the freshness")
  void policiesJudgeFlowsByWhatOtherProcessesReplace() {
    offersTickets();
    forbidsElsewhere();
    save(OF_DEV, desk(), 0);
    try (ConnectorRuntime other = node()) {
      Caller mixed = usingTickets(FLOW.calling(TEAM_DESK, "Where"));
      Caller plain = usingTickets(FLOW);
      for (int i = 0; i < 3; i++) {
        assertThat(ticket(other, mixed)).isEqualTo("T");
      }

      save(OF_DEV, desk().at("/b"), 1);
      clock.advance(Duration.ofSeconds(5));

      assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> ticket(other, mixed));
      assertThat(ticket(other, plain)).isEqualTo("T");

      save(OF_DEV, desk(), 2);
      clock.advance(Duration.ofSeconds(5));
      assertThat(ticket(other, mixed)).isEqualTo("T");
    }
  }

  @Test
  @DisplayName("I3: a call that went well before is judged by what is replaced while it repeats")
  void policiesJudgeRepeatedCallsByWhatOtherProcessesReplace() {
    offersTickets();
    forbidsElsewhere();
    save(OF_DEV, desk(), 0);
    try (ConnectorRuntime other = node()) {
      Caller mixed = usingTickets(FLOW.calling(TEAM_DESK, "Where"));
      other.connectors(ADA);
      clock.advance(Duration.ofSeconds(3));
      ticket(other, mixed);
      ticket(other, mixed);
      save(OF_DEV, desk().at("/b"), 1);

      clock.advance(Duration.ofSeconds(2));

      assertThatExceptionOfType(PolicyException.class).isThrownBy(() -> ticket(other, mixed));
    }
  }

  @Test
  @DisplayName("I3: what a policy would forbid follows what another process replaces")
  void whatIfFollowsWhatOtherProcessesReplace() {
    forbidsElsewhere();
    save(OF_DEV, desk(), 0);
    try (ConnectorRuntime other = node()) {
      Flow flow = FLOW.calling(TEAM_DESK, "Where");
      DataPolicy lifted = DataPolicy.named("p").build();
      for (int i = 0; i < 3; i++) {
        assertThat(other.policies().whatIf(OF_DEV, List.of(flow), lifted).healed()).isEmpty();
      }

      save(OF_DEV, desk().at("/b"), 1);
      clock.advance(Duration.ofSeconds(5));

      assertThat(other.policies().whatIf(OF_DEV, List.of(flow), lifted).healed()).hasSize(1);
    }
  }

  @Test
  @DisplayName("I3: while the definitions are away flows that use some are refused, no others")
  void whileDefinitionsAreAwayPoliciesLetOnlyFlowsWithoutThemRun() {
    offersTickets();
    forbidsElsewhere();
    save(OF_DEV, desk(), 0);
    Caller mixed = usingTickets(FLOW.calling(TEAM_DESK, "Where"));
    Caller plain = usingTickets(FLOW);
    var away = new AtomicBoolean(true);
    try (ConnectorRuntime other = over(new AtomicInteger(), away::get)) {
      assertThat(ticket(other, plain)).isEqualTo("T");
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> ticket(other, mixed));

      away.set(false);
      assertThat(ticket(other, mixed)).isEqualTo("T");
      away.set(true);
      clock.advance(Duration.ofSeconds(5));
      assertThat(ticket(other, plain)).isEqualTo("T");
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> ticket(other, mixed));
    }
  }

  private void offersTickets() {
    service.stubFor(get("/tickets/1").willReturn(okJson("{\"id\":\"1\",\"title\":\"T\"}")));
    Connection connection = connect(ADA, "k");
    runtime.references().bind(ADA, TEAM_TICKETS, connection.id());
  }

  private void forbidsElsewhere() {
    DataPolicy policy =
        DataPolicy.named("p").customConnectors(url() + "/b*", Group.BLOCKED).build();
    runtime.policies().save(WHOLE, policy, 0);
  }

  private static Caller usingTickets(Flow flow) {
    return ADA.running(flow.calling(TEAM_TICKETS, Tickets.GET.id()));
  }

  private static String ticket(ConnectorRuntime node, Caller caller) {
    return node.invoke(caller, TEAM_TICKETS, Tickets.GET, new TicketId("1")).title();
  }

  @Test
  void theStoreIsAskedOnceInTheFreshness() {
    answer("/a");
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);
    var asked = new AtomicInteger();
    try (ConnectorRuntime counting = over(asked, () -> false)) {
      where(counting, ADA);
      asked.set(0);
      clock.advance(Duration.ofSeconds(5));
      for (int i = 0; i < 100; i++) {
        where(counting, ADA);
      }

      assertThat(asked).hasValue(1);
    }
  }

  @Test
  @DisplayName(
      "I3: while the store is away what it keeps is not used for longer than the freshness")
  void whileTheStoreIsAwayNobodyUsesWhatItKeeps() {
    answer("/a");
    service.stubFor(get("/tickets/1").willReturn(aResponse().withStatus(404)));
    save(OF_DEV, desk(), 0);
    connectDesk(runtime);
    var away = new AtomicBoolean();
    try (ConnectorRuntime other = over(new AtomicInteger(), away::get)) {
      where(other, ADA);
      away.set(true);
      assertThat(where(other, ADA)).isEqualTo("/a");

      clock.advance(Duration.ofSeconds(5));
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> where(other, ADA));
      assertThat(other.connector(ADA, ConnectorId.of("tickets")).title()).isEqualTo("Tickets");
      ConnectionSpec own = ConnectionSpec.of("own", "apiKey").secret("api_key", Secret.of("o"));
      assertThat(other.connections().create(ADA, own).status().isConnected()).isTrue();

      away.set(false);
      assertThat(where(other, ADA)).isEqualTo("/a");
    }
  }

  @Test
  void aStoreThatIsAwayForAMomentDamagesNoConnection() {
    save(OF_DEV, desk(), 0);
    Connection connection = connectDesk(runtime);
    var failsOnce = new AtomicBoolean();
    try (ConnectorRuntime other = over(new AtomicInteger(), () -> failsOnce.getAndSet(false))) {
      failsOnce.set(true);

      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> other.connections().get(ADA, connection.id()));
      assertThat(other.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
    }
  }

  /** Returns a process whose store counts the lists of definitions, and can be away. */
  private ConnectorRuntime over(AtomicInteger asked, BooleanSupplier away) {
    DefinitionStore definitions =
        StoreProxy.of(
            DefinitionStore.class,
            (method, arguments) -> {
              if (away.getAsBoolean()) {
                throw new StoreException("The database is away", true, null);
              }
              asked.addAndGet(method.getName().equals("listDefinitions") ? 1 : 0);
              return method.invoke(store.definitions(), arguments);
            });
    return over("definitions", definitions);
  }

  /** Returns a process with another part of the store. */
  private ConnectorRuntime over(String part, Object other) {
    ConnectorStore whole = StoreProxy.replacing(part, other, store);
    return with(builder().store(whole, keys)).connector(OWN, "dev").build();
  }

  private void goesOnWithWhatHasChanged(Subscription subscription) {
    changes("T-1", "T-2");
    runAfter(LOOK);
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(handled).containsExactly("T-1", "T-2");
  }
}
