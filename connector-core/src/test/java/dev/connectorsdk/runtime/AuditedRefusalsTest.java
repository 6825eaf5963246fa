package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.PermissionDeniedException;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.event.AuditRecord.Actor;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.Audit;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.definition.Definitions;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.trigger.Triggers;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.OkHttpClient;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is refused, and wherever, has a record on the disk before he is told. */
@Tag("I3")
class AuditedRefusalsTest extends WebhookHostTest {

  private static final Administrator ADMINISTRATOR =
      Administrator.ofRuntime(Principal.user("root"));
  private static final String OF_RUNTIME = "administrator of the runtime";
  private static final String OF_ADAS = "administrator of " + ADA.environment();

  /** Of a connection that an administrator does not look after, it is not said that it exists. */
  private static final String UNSEEN = "";

  private static final Caller BOBS = BOB.running(FLOW);
  private static final Tickets.TicketId ONE = new Tickets.TicketId("1");
  private static final Flow APP = Flow.app("app", ADA.principal());

  private ConnectionId adas;

  @Override
  Connector connector() {
    return Tickets.builder(url())
        .test(
            call -> {
              call.http().get("/me").send();
              return null;
            })
        .trigger(trigger())
        .trigger(Feed.ITEMS)
        .build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    service.stubFor(get("/me").willReturn(okJson("{}")));
    return super.with(builder).client("tickets", "signIn", CLIENT).audit(AuditSettings.inStore());
  }

  @BeforeEach
  void declare() {
    adas = runtime.references().binding(ADA, SHARED).orElseThrow();
    flows.put(FLOW.id(), FLOW.calling(SHARED, "items", "hook"));
  }

  private void block() {
    runtime.policies().save(ADMINISTRATOR, DataPolicy.named("p").blocked("tickets").build(), 0);
  }

  private void denyHost() {
    runtime
        .policies()
        .save(
            ADMINISTRATOR, DataPolicy.named("p").denyEndpoint("tickets", "localhost:*").build(), 0);
  }

  private List<AuditRecord> refusals() {
    return store.audit().list(new Filter(null, null, null, null, null, true, null), null, 1_000);
  }

  /** What is refused by a right, with what its record says was tried. */
  enum Refused {
    CALL("getTicket", "Denied"),
    RESOLVE("resolve", "Denied"),
    FORM("getTicket", "Denied"),
    BIND("reference team-tickets bound", "Denied"),
    BIND_ANOTHERS("reference my-tickets bound", "Foreign"),
    APPLY_SETTINGS("reference team-tickets bound", "Foreign"),
    UNBIND("reference team-tickets unbound", "Denied"),
    GRANT_REFERENCE("reference team-tickets granted", "Denied"),
    REVOKE_REFERENCE("reference team-tickets revoked", "Denied"),
    SHARE("reference team-tickets shared", "Denied"),
    SHARE_NOT("reference team-tickets not shared", "Denied"),
    PREVIEW_SHARE("flow changed", "NotFoundException"),
    PREVIEW_CHANGE("flow changed", "NotFoundException"),
    SHOW_CONNECTION("connection shown", "NotFoundException"),
    UPDATE_CONNECTION("connection updated", "NotFoundException"),
    TEST_CONNECTION("connection test", "NotFoundException"),
    USAGE_OF_CONNECTION("usage of the connection", "NotFoundException"),
    DELETE_CONNECTION("connection deleted", ""),
    GRANT_CONNECTION("right granted", "NotFoundException"),
    REVOKE_CONNECTION("right revoked", "NotFoundException"),
    GRANTS_OF_CONNECTION("rights listed", "NotFoundException"),
    SIGN_IN("sign-in", "NotFoundException"),
    SUBSCRIBE("flow changed", "NotFoundException"),
    UNATTENDED_RUN("run", "Denied");

    final String what;
    final String told;

    Refused(String what, String told) {
      this.what = what;
      this.told = told;
    }
  }

  private ThrowingCallable attempt(Refused refused) {
    var references = runtime.references();
    var connections = runtime.connections();
    Caller alone = BOB.running(Flow.of("bobs", ADA.principal()).calling(SHARED, "getTicket"));
    return switch (refused) {
      case CALL -> () -> runtime.invoke(BOBS, SHARED, Tickets.GET, ONE);
      case RESOLVE -> () -> references.resolve(BOBS, SHARED);
      case FORM -> () -> runtime.forms().input(BOBS, SHARED, "getTicket", Map.of());
      case BIND -> () -> references.bind(BOBS, SHARED, adas);
      case BIND_ANOTHERS -> () -> references.bind(BOB, MINE, adas);
      case APPLY_SETTINGS ->
          () ->
              references.apply(
                  BOB,
                  new DeploymentSettings(
                      List.of(new Binding(SHARED.logicalName(), adas.value(), "tickets"))),
                  List.of(SHARED));
      case UNBIND -> () -> references.unbind(BOBS, SHARED);
      case GRANT_REFERENCE -> () -> references.grant(BOBS, SHARED, Principal.user("eve"));
      case REVOKE_REFERENCE -> () -> references.revoke(BOBS, SHARED, Principal.user("eve"));
      case SHARE -> () -> references.letRunOnlyUsersUse(BOBS, SHARED);
      case SHARE_NOT -> () -> references.letRunOnlyUsersBringOwn(BOBS, SHARED);
      case PREVIEW_SHARE -> () -> references.previewShare(BOB.running(APP));
      case PREVIEW_CHANGE -> () -> references.previewChange(BOBS, FLOW.calling(MINE, "x"));
      case SHOW_CONNECTION -> () -> connections.get(BOB, adas);
      case UPDATE_CONNECTION ->
          () -> connections.update(BOB, adas, ConnectionSpec.of("tickets", "apiKey"));
      case TEST_CONNECTION -> () -> connections.test(BOB, adas);
      case USAGE_OF_CONNECTION -> () -> connections.usage(BOB, adas);
      case DELETE_CONNECTION -> () -> connections.delete(BOB, adas);
      case GRANT_CONNECTION -> () -> connections.grant(BOB, adas, BOB.principal(), Right.USE);
      case REVOKE_CONNECTION -> () -> connections.revoke(BOB, adas, BOB.principal());
      case GRANTS_OF_CONNECTION -> () -> connections.grants(BOB, adas);
      case SIGN_IN -> () -> runtime.consents().begin(BOB, adas, "browser");
      case SUBSCRIBE -> () -> runtime.triggers().subscribe(BOBS, spec());
      case UNATTENDED_RUN -> () -> references.requireReady(alone);
    };
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: whoever has no right is refused with a record")
  void whoeverHasNoRightIsRefusedWithARecord(Refused refused) throws Throwable {
    ThrowingCallable attempt = attempt(refused);
    if (refused.told.isEmpty()) {
      attempt.call();
    } else {
      assertThatThrownBy(attempt).isNotNull();
    }

    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.actor().who()).isEqualTo(BOB.principal());
              assertThat(record.actor().environment()).isEqualTo(BOB.environment());
              assertThat(record.subject().operation()).isEqualTo(refused.what);
              assertThat(record.verdict().result())
                  .isEqualTo(refused.told.isEmpty() ? "NotFoundException" : refused.told);
            });
  }

  @Test
  @DisplayName("I3: a test that is refused would have used the connection")
  void aTestThatIsRefusedWouldHaveUsedTheConnection() {
    assertThatThrownBy(() -> runtime.connections().test(BOB, adas)).isNotNull();

    assertThat(refusals()).extracting(AuditRecord::kind).containsExactly(Kind.CALL);
  }

  /** What is not for an administrator of another environment. */
  enum Elsewhere {
    SAVE_POLICY(Policies.class, "save", "policy q", OF_RUNTIME),
    REPLACE_POLICY(Policies.class, "save", "policy p", OF_RUNTIME),
    DELETE_POLICY(Policies.class, "delete", "policy p deleted", OF_RUNTIME),
    DELETE_NO_POLICY(Policies.class, "delete", "policy none deleted", OF_RUNTIME),
    LIST_CONNECTIONS(Connections.class, "list", "connections listed", OF_ADAS),
    SHOW_CONNECTION(Connections.class, "get", "connection shown", UNSEEN),
    USAGE(Connections.class, "usage", "usage of the connection", UNSEEN),
    DISABLE(Connections.class, "disable", "connection disabled", UNSEEN),
    ENABLE(Connections.class, "enable", "connection enabled", UNSEEN),
    DELETE(Connections.class, "delete", "connection deleted", UNSEEN),
    HAND_OVER(Connections.class, "handOver", "connection handed over", UNSEEN),
    READ_AUDIT(Audit.class, "list", "audit read", OF_ADAS),
    GAPS(Audit.class, "gaps", "audit read", OF_RUNTIME);

    final Class<?> in;
    final String method;
    final String what;
    final String missing;

    Elsewhere(Class<?> in, String method, String what, String missing) {
      this.in = in;
      this.method = method;
      this.what = what;
      this.missing = missing;
    }
  }

  /** What answers for the administrator's environment alone, so that nobody is refused. */
  private static final Set<String> OF_OWN_ENVIRONMENT =
      Set.of(
          "Policies.list",
          "Policies.rulesOf",
          "Policies.whatIf",
          "Audit.reachOf",
          "References.apply",
          "References.previewApply",
          "References.confirmApply",
          "References.reassign",
          "References.previewReassign",
          "References.confirmReassign",
          "References.export",
          "References.readiness",
          "Triggers.list",
          "Definitions.preview",
          "Definitions.save",
          "Definitions.remove",
          "Definitions.list",
          "Definitions.find");

  @Test
  @DisplayName("I3: no method of administrators is left out")
  void noMethodOfAdministratorsIsLeftOut() {
    Set<String> known = new TreeSet<>(OF_OWN_ENVIRONMENT);
    for (Elsewhere one : Elsewhere.values()) {
      known.add(one.in.getSimpleName() + "." + one.method);
    }
    for (Class<?> in :
        List.of(
            Policies.class,
            Connections.class,
            Audit.class,
            References.class,
            Definitions.class,
            Triggers.class,
            Consents.class,
            ConnectorRuntime.class)) {
      assertThat(in.getMethods())
          .filteredOn(
              method -> Arrays.asList(method.getParameterTypes()).contains(Administrator.class))
          .extracting(method -> in.getSimpleName() + "." + method.getName())
          .isSubsetOf(known);
    }
  }

  private ThrowingCallable attempt(Elsewhere elsewhere) {
    var policies = runtime.policies();
    var connections = runtime.connections();
    Administrator eve = Administrator.of(Principal.user("eve"), "elsewhere");
    DataPolicy own = DataPolicy.named("p").ofEnvironment("elsewhere").build();
    return switch (elsewhere) {
      case SAVE_POLICY -> () -> policies.save(eve, DataPolicy.named("q").build(), 0);
      case REPLACE_POLICY -> () -> policies.save(eve, own, 1);
      case DELETE_POLICY -> () -> policies.delete(eve, "p", 1);
      case DELETE_NO_POLICY -> () -> policies.delete(eve, "none", 1);
      case LIST_CONNECTIONS ->
          () -> connections.list(eve, ConnectionQuery.all().in(ADA.environment()));
      case SHOW_CONNECTION -> () -> connections.get(eve, adas);
      case USAGE -> () -> connections.usage(eve, adas);
      case DISABLE -> () -> connections.disable(eve, adas, "It leaked.");
      case ENABLE -> () -> connections.enable(eve, adas);
      case DELETE -> () -> assertThat(connections.delete(eve, adas)).isFalse();
      case HAND_OVER -> () -> connections.handOver(eve, adas, BOB.principal());
      case READ_AUDIT ->
          () ->
              runtime
                  .audit()
                  .list(
                      eve,
                      new Filter(ADA.environment(), null, null, null, null, false, null),
                      null,
                      1);
      case GAPS -> () -> runtime.audit().gaps(eve);
    };
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: an administrator is refused with a record that says which right is missing")
  void anAdministratorIsRefusedWithARecord(Elsewhere elsewhere) {
    runtime.policies().save(ADMINISTRATOR, DataPolicy.named("p").build(), 0);

    Throwable refused = catchThrowable(attempt(elsewhere));

    boolean isUnseen = elsewhere.missing.equals(UNSEEN);
    if (elsewhere != Elsewhere.DELETE) {
      assertThat(refused)
          .isInstanceOf(isUnseen ? NotFoundException.class : PermissionDeniedException.class);
    }
    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.kind()).isEqualTo(Kind.CHANGE);
              assertThat(record.actor())
                  .isEqualTo(
                      new Actor(Principal.user("eve"), null, Environment.of("elsewhere"), null));
              assertThat(record.subject().operation()).isEqualTo(elsewhere.what);
              assertThat(record.subject().connection()).isEqualTo(isUnseen ? adas : null);
              assertThat(record.verdict())
                  .isEqualTo(
                      Verdict.refused(
                          elsewhere.missing,
                          isUnseen ? "NotFoundException" : "PermissionDeniedException"));
            });
  }

  /** What a data policy refuses. */
  enum Policed {
    CALL("getTicket"),
    RESOLVED_CLIENT("sync"),
    BIND("reference team-tickets bound"),
    TEST("connection test"),
    SUBSCRIBE("subscription to items"),
    UNATTENDED_RUN("run");

    final String what;

    Policed(String what) {
      this.what = what;
    }
  }

  private ThrowingCallable attempt(Policed policed) {
    var references = runtime.references();
    Caller running = ADA.running(Objects.requireNonNull(flows.get(FLOW.id())));
    return switch (policed) {
      case CALL -> () -> runtime.invoke(ADA, SHARED, Tickets.GET, ONE);
      case RESOLVED_CLIENT -> {
        var resolved = references.resolve(ADA, SHARED);
        yield () -> resolved.unwrap(OkHttpClient.class, "sync", Effect.READ);
      }
      case BIND -> () -> references.bind(ADA, SHARED, adas);
      case TEST -> () -> runtime.connections().test(ADA, adas);
      case SUBSCRIBE -> this::subscribe;
      case UNATTENDED_RUN -> () -> references.requireReady(running);
    };
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: what a policy refuses has a record with its name, version and rule")
  void whatAPolicyRefusesHasARecord(Policed policed) {
    block();

    assertThatThrownBy(attempt(policed)).isNotNull();

    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.actor().who()).isEqualTo(ADA.principal());
              assertThat(record.subject().connector()).isEqualTo(SHARED.connector());
              assertThat(record.subject().operation()).isEqualTo(policed.what);
              assertThat(record.verdict().rule())
                  .isEqualTo("data policy p version 1, connectorGroups/Blocked");
            });
  }

  @Test
  @DisplayName("I3: the record of a refused request says to which origin, and nothing more of it")
  void theRecordOfARefusedRequestSaysToWhichOrigin() {
    denyHost();

    assertThatThrownBy(() -> runtime.invoke(ADA, SHARED, Tickets.GET, ONE)).isNotNull();
    assertThatThrownBy(() -> runtime.connections().test(ADA, adas)).isNotNull();

    assertThat(refusals())
        .hasSize(2)
        .allSatisfy(
            record -> {
              assertThat(record.subject().origin()).isEqualTo(url());
              assertThat(record.subject().connection()).isEqualTo(adas);
              assertThat(record.verdict().rule()).startsWith("data policy p version 1, endpoint");
            });
  }

  /** What is refused to the owner of a connection that an administrator has disabled. */
  enum Disabled {
    SHOW_AGAIN,
    CHANGE,
    TEST,
    SIGN_IN
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: what an administrator has disabled is refused with a record")
  void whatAnAdministratorHasDisabledIsRefusedWithARecord(Disabled disabled) throws Throwable {
    runtime.connections().disable(ADMINISTRATOR, adas, "It leaked.");
    ThrowingCallable attempt =
        switch (disabled) {
          case SHOW_AGAIN -> () -> runtime.connections().get(ADA, adas);
          case CHANGE ->
              () ->
                  runtime
                      .connections()
                      .update(
                          ADA,
                          adas,
                          ConnectionSpec.of("tickets", "apiKey")
                              .secret("api_key", Secret.of("new")));
          case TEST -> () -> runtime.connections().test(ADA, adas);
          case SIGN_IN ->
              () -> runtime.consents().beginDevice(ADA, adas, ConsentOptions.standard());
        };
    if (disabled == Disabled.SHOW_AGAIN) {
      attempt.call();
      assertThat(refusals()).as("one may look").isEmpty();
    } else {
      assertThatThrownBy(attempt).isNotNull();
      assertThat(refusals())
          .extracting(record -> record.verdict().result())
          .containsExactly("AuthenticationException");
    }
  }

  @Test
  @DisplayName("I3: a sign-in whose token request is refused has a record")
  void aSignInWhoseTokenRequestIsRefusedHasARecord() {
    denyHost();

    ConnectionSpec spec = ConnectionSpec.of("tickets", "signIn");
    assertThatThrownBy(() -> SignIns.signIn(runtime, ADA, spec, "code")).isNotNull();

    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.subject().operation()).isEqualTo("sign-in");
              assertThat(record.subject().origin()).isEqualTo(url());
            });
  }

  @Test
  @DisplayName("I3: a flow that is refused each poll has a record when that begins")
  void aFlowThatIsRefusedEachPollHasARecordWhenThatBegins() {
    Feed.begins(service, 10);
    subscribe();
    run();
    block();

    for (int i = 0; i < 5; i++) {
      runAfter(ROUND);
    }

    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.actor().who()).isEqualTo(FLOW.in(ADA.environment()).principal());
              assertThat(record.subject().operation()).isEqualTo("items");
            });
    runtime.policies().delete(ADMINISTRATOR, "p", 1);
    runAfter(ROUND);
    block();
    runAfter(ROUND);
    runAfter(ROUND);

    assertThat(refusals()).as("it went on in between").hasSize(2);
  }

  @Test
  @DisplayName("I3: deliveries that are refused have a record when that begins")
  void deliveriesThatAreRefusedHaveARecordWhenThatBegins() {
    subscribeToHook();
    block();

    for (int i = 0; i < 5; i++) {
      assertThat(send(told(), "T-" + i).statusCode()).isEqualTo(503);
    }

    assertThat(refusals())
        .singleElement()
        .satisfies(record -> assertThat(record.subject().operation()).isEqualTo("hook"));
  }

  @Test
  @DisplayName("I3: a registration that is refused has a record with its effect")
  void aRegistrationThatIsRefusedHasARecord() {
    denyHost();
    subscribeToHook();

    assertThat(refusals())
        .singleElement()
        .satisfies(
            record -> {
              assertThat(record.subject().effect()).isEqualTo(Effect.WRITE);
              assertThat(record.subject().origin()).isEqualTo(url());
            });
  }
}
