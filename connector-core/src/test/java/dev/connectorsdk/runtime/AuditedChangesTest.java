package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.event.AuditRecord.Verdict;
import dev.connectorsdk.api.spi.AuditStore.Filter;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.consent.Consents;
import dev.connectorsdk.definition.DefinitionPreview;
import dev.connectorsdk.definition.Definitions;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.Policies;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.DeploymentSettings.Binding;
import dev.connectorsdk.reference.References;
import dev.connectorsdk.trigger.Triggers;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever changes what others may do has a record on the disk before he is answered. */
@Tag("I3")
class AuditedChangesTest extends TriggerHostTest {

  private static final Principal ROOT = Principal.user("root");
  private static final Administrator ADMINISTRATOR = Administrator.ofRuntime(ROOT);
  private static final Flow APP = Flow.app("app", ADA.principal()).calling(SHARED, "getTicket");
  private static final Flow DESK = FLOW.calling(SHARED, "items", "getTicket");

  private final SwitchedAudit audit = new SwitchedAudit(store.audit());
  private ConnectionId adas;

  @Override
  Connector connector() {
    return Tickets.builder(url()).trigger(Feed.ITEMS).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder
        .client("tickets", "signIn", CLIENT)
        .audit(AuditSettings.in(audit))
        .storedDefinitions();
  }

  @BeforeEach
  void declare() {
    flows.put(FLOW.id(), DESK);
    adas = bindAdasConnection().id();
  }

  /** The methods that change what somebody may do, with what is recorded. */
  enum Change {
    CREATE_CONNECTION(Connections.class, "create", "connection created"),
    UPDATE_CONNECTION(Connections.class, "update", "connection updated"),
    DELETE_CONNECTION(Connections.class, "delete", "connection deleted"),
    GRANT_CONNECTION(Connections.class, "grant", "right granted USE for user:bob"),
    GRANT_CONNECTION_FOR_A_TIME(
        Connections.class, "grant", "right granted USE for user:bob until 2026-01-02T00:00:00Z"),
    REVOKE_CONNECTION(Connections.class, "revoke", "right revoked USE for user:bob"),
    DISABLE(Connections.class, "disable", "connection disabled"),
    ENABLE(Connections.class, "enable", "connection enabled"),
    DELETE_ANOTHERS(Connections.class, "delete", "connection deleted"),
    HAND_OVER(Connections.class, "handOver", "connection handed over by user:ada to user:bob"),
    BIND(References.class, "bind", "reference team-tickets bound"),
    CONFIRM_BIND(References.class, "confirmBind", "reference team-tickets bound"),
    UNBIND(References.class, "unbind", "reference team-tickets unbound"),
    GRANT_REFERENCE(References.class, "grant", "reference team-tickets granted USE for user:bob"),
    REVOKE_REFERENCE(References.class, "revoke", "reference team-tickets revoked USE for user:bob"),
    SHARE(References.class, "letRunOnlyUsersUse", "reference team-tickets shared"),
    SHARE_NOT(References.class, "letRunOnlyUsersBringOwn", "reference team-tickets not shared"),
    CONFIRM_SHARE(References.class, "confirmShare", "reference team-tickets shared"),
    CONFIRM_CHANGE(References.class, "confirmChange", "flow changed: team-tickets createTicket"),
    APPLY_SETTINGS(References.class, "apply", "reference team-tickets bound"),
    APPLY_SETTINGS_FOR_OTHERS(References.class, "apply", "reference team-tickets bound"),
    CONFIRM_SETTINGS_FOR_OTHERS(References.class, "confirmApply", "reference team-tickets bound"),
    REASSIGN(References.class, "reassign", "flow reassigned to user:bob"),
    CONFIRM_REASSIGN(References.class, "confirmReassign", "flow reassigned to user:bob"),
    SAVE_POLICY(Policies.class, "save", "policy p version 1, exempting payroll"),
    DELETE_POLICY(Policies.class, "delete", "policy p deleted"),
    SAVE_DEFINITION(Definitions.class, "save", "definition version 1"),
    REMOVE_DEFINITION(Definitions.class, "remove", "definition removed"),
    SIGN_IN(Consents.class, "complete", "sign-in"),
    SUBSCRIBE(Triggers.class, "subscribe", "subscription to items made"),
    CHANGE_SUBSCRIPTION(Triggers.class, "change", "subscription to items changed"),
    PAUSE(Triggers.class, "pause", "subscription to items paused"),
    RESUME(Triggers.class, "resume", "subscription to items resumed"),
    REWIND(Triggers.class, "rewind", "subscription to items rewound"),
    UNSUBSCRIBE(Triggers.class, "unsubscribe", "subscription to items ended");

    final Class<?> in;
    final String method;
    final String recorded;

    Change(Class<?> in, String method, String recorded) {
      this.in = in;
      this.method = method;
      this.recorded = recorded;
    }

    /** Returns which connector it is about, if about one. */
    @Nullable ConnectorId connector() {
      return switch (this) {
        case CONFIRM_CHANGE, REASSIGN, CONFIRM_REASSIGN, SAVE_POLICY, DELETE_POLICY -> null;
        case SAVE_DEFINITION, REMOVE_DEFINITION -> ConnectorId.of("desk");
        default -> SHARED.connector();
      };
    }

    boolean isOfAdministrator() {
      return switch (this) {
        case DISABLE,
            ENABLE,
            DELETE_ANOTHERS,
            HAND_OVER,
            APPLY_SETTINGS_FOR_OTHERS,
            CONFIRM_SETTINGS_FOR_OTHERS,
            REASSIGN,
            CONFIRM_REASSIGN,
            SAVE_POLICY,
            DELETE_POLICY,
            SAVE_DEFINITION,
            REMOVE_DEFINITION ->
            true;
        default -> false;
      };
    }
  }

  /** What looks and changes nothing, or does what another method here records. */
  private static final Set<String> OTHERS =
      Set.of(
          "get",
          "list",
          "test",
          "usage",
          "grants",
          "mayGrant",
          "shared",
          "previewBind",
          "binding",
          "choices",
          "previewShare",
          "previewChange",
          "previewApply",
          "previewReassign",
          "reach",
          "sealRequest",
          "resolve",
          "export",
          "readiness",
          "requireReady",
          "check",
          "checkRequest",
          "whatIf",
          "review",
          "rulesOf",
          "begin",
          "signInHere",
          "beginDevice",
          "find",
          "inspect",
          "pollNow",
          "preview",
          "events",
          "replay",
          "drop",
          "applicationUrl",
          "receive");

  @Test
  @DisplayName("I3: no method is left out")
  void noMethodIsLeftOut() {
    for (Class<?> in :
        List.of(
            Connections.class,
            References.class,
            Policies.class,
            Definitions.class,
            Consents.class,
            Triggers.class)) {
      Set<String> known = new TreeSet<>(OTHERS);
      Arrays.stream(Change.values())
          .filter(change -> change.in == in)
          .forEach(change -> known.add(change.method));
      assertThat(in.getMethods()).as(in.getName()).extracting(Method::getName).isSubsetOf(known);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: each change has a record with who did it")
  void eachChangeHasARecordWithWhoDidIt(Change change) {
    Runnable done = prepared(change);
    clock.advance(Duration.ofSeconds(1));
    Instant began = clock.instant();

    done.run();

    assertThat(store.audit().list(since(began), null, 100))
        .filteredOn(record -> record.kind() == Kind.CHANGE)
        .first()
        .satisfies(
            record -> {
              assertThat(record.subject().operation()).isEqualTo(change.recorded);
              assertThat(record.actor().who())
                  .isEqualTo(change.isOfAdministrator() ? ROOT : ADA.principal());
              assertThat(record.subject().connector()).isEqualTo(change.connector());
              assertThat(record.verdict()).isEqualTo(Verdict.DONE);
            });
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("I3: without room for its record nothing is changed")
  void withoutRoomForItsRecordNothingIsChanged(Change change) {
    Runnable done = prepared(change);
    clock.advance(Duration.ofSeconds(1));
    Instant began = clock.instant();
    audit.isAway = true;
    useUpAllRoom();

    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(done::run)
        .withMessageContaining("no room for further audit records")
        .matches(StoreException::isRetryable);

    audit.isAway = false;
    assertThatExceptionOfType(NotFoundException.class)
        .as("whose record comes after those that wait")
        .isThrownBy(() -> runtime.connections().get(BOB, adas));
    assertThat(store.audit().list(since(began), null, 100_000))
        .hasSizeGreaterThan(10_000)
        .noneMatch(record -> record.kind() == Kind.CHANGE && record.verdict().allowed());
    done.run();
  }

  /** Calls that fail before they send anything. */
  private void useUpAllRoom() {
    for (int i = 0; i < 10_000; i++) {
      assertThatExceptionOfType(ResolutionException.ConnectionRequired.class)
          .isThrownBy(() -> runtime.invoke(BOB, MINE, Tickets.GET, new Tickets.TicketId("1")));
    }
  }

  private static Filter since(Instant instant) {
    return new Filter(null, null, null, null, null, false, instant);
  }

  /** Returns what is to be done, once what it needs is there. */
  private Runnable prepared(Change change) {
    var references = runtime.references();
    var connections = runtime.connections();
    var triggers = runtime.triggers();
    Principal bob = BOB.principal();
    Caller running = ADA.running(DESK);
    Administrator here = ADMINISTRATOR.in(ADA.environment());
    DataPolicy policy = DataPolicy.named("p").exempt("payroll").build();
    var settings =
        new DeploymentSettings(List.of(new Binding("team-tickets", adas.value(), "tickets")));
    return switch (change) {
      case CREATE_CONNECTION -> () -> connect(ADA, "other");
      case UPDATE_CONNECTION ->
          () ->
              connections.update(
                  ADA,
                  adas,
                  ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("n")));
      case DELETE_CONNECTION -> () -> connections.delete(ADA, adas);
      case GRANT_CONNECTION -> () -> connections.grant(ADA, adas, bob, Right.USE);
      case GRANT_CONNECTION_FOR_A_TIME ->
          () -> connections.grant(ADA, adas, bob, Right.USE, Instant.parse("2026-01-02T00:00:00Z"));
      case REVOKE_CONNECTION -> {
        connections.grant(ADA, adas, bob, Right.USE);
        yield () -> connections.revoke(ADA, adas, bob);
      }
      case DISABLE -> () -> connections.disable(ADMINISTRATOR, adas, "It leaked.");
      case ENABLE -> {
        connections.disable(ADMINISTRATOR, adas, "It leaked.");
        yield () -> connections.enable(ADMINISTRATOR, adas);
      }
      case DELETE_ANOTHERS -> () -> connections.delete(ADMINISTRATOR, adas);
      case HAND_OVER -> () -> connections.handOver(ADMINISTRATOR, adas, bob);
      case BIND -> () -> references.bind(ADA, SHARED, adas);
      case CONFIRM_BIND -> {
        var preview = references.previewBind(running, SHARED, adas);
        yield () -> references.confirmBind(running, SHARED, adas, preview);
      }
      case UNBIND -> () -> references.unbind(ADA, SHARED);
      case GRANT_REFERENCE -> () -> references.grant(ADA, SHARED, bob);
      case REVOKE_REFERENCE -> {
        references.grant(ADA, SHARED, bob);
        yield () -> references.revoke(ADA, SHARED, bob);
      }
      case SHARE -> () -> references.letRunOnlyUsersUse(running, SHARED);
      case SHARE_NOT -> () -> references.letRunOnlyUsersBringOwn(running, SHARED);
      case CONFIRM_SHARE -> {
        var preview = references.previewShare(ADA.running(APP));
        yield () -> references.confirmShare(ADA.running(APP), preview);
      }
      case CONFIRM_CHANGE -> {
        Flow changed = DESK.calling(SHARED, "items", "getTicket", "createTicket");
        var preview = references.previewChange(running, changed);
        yield () -> references.confirmChange(running, changed, preview);
      }
      case APPLY_SETTINGS -> () -> references.apply(ADA, settings, List.of(SHARED));
      case APPLY_SETTINGS_FOR_OTHERS -> () -> references.apply(here, DESK, settings);
      case CONFIRM_SETTINGS_FOR_OTHERS -> {
        var preview = references.previewApply(here, DESK, settings);
        yield () -> references.confirmApply(here, DESK, settings, preview);
      }
      case REASSIGN -> () -> references.reassign(here, DESK, bob);
      case CONFIRM_REASSIGN -> {
        var preview = references.previewReassign(here, DESK, bob);
        yield () -> references.confirmReassign(here, DESK, bob, preview);
      }
      case SAVE_POLICY -> () -> runtime.policies().save(ADMINISTRATOR, policy, 0);
      case DELETE_POLICY -> {
        runtime.policies().save(ADMINISTRATOR, policy, 0);
        yield () -> runtime.policies().delete(ADMINISTRATOR, "p", 1);
      }
      case SAVE_DEFINITION -> {
        var preview = previewOfDesk();
        yield () -> runtime.definitions().save(ADMINISTRATOR, preview);
      }
      case REMOVE_DEFINITION -> {
        runtime.definitions().save(ADMINISTRATOR, previewOfDesk());
        yield () -> runtime.definitions().remove(ADMINISTRATOR, ConnectorId.of("desk"), 1);
      }
      case SIGN_IN -> {
        service.stubFor(
            post("/token")
                .willReturn(okJson("{\"access_token\":\"t\",\"token_type\":\"Bearer\"}")));
        yield () -> SignIns.signIn(runtime, ADA, ConnectionSpec.of("tickets", "signIn"), "code");
      }
      case SUBSCRIBE -> this::subscribe;
      case CHANGE_SUBSCRIPTION -> {
        String id = subscribe().id();
        yield () -> triggers.change(ADAS_FLOW, id, spec());
      }
      case PAUSE -> {
        String id = subscribe().id();
        yield () -> triggers.pause(ADAS_FLOW, id);
      }
      case RESUME -> {
        String id = subscribe().id();
        triggers.pause(ADAS_FLOW, id);
        yield () -> triggers.resume(ADAS_FLOW, id);
      }
      case REWIND -> {
        String id = subscribe().id();
        yield () -> triggers.rewind(ADAS_FLOW, id, new Start.Now());
      }
      case UNSUBSCRIBE -> {
        String id = subscribe().id();
        yield () -> triggers.unsubscribe(ADAS_FLOW, id);
      }
    };
  }

  private DefinitionPreview previewOfDesk() {
    return runtime.definitions().preview(ADMINISTRATOR, DeskText.on(service.port()).text(), 0);
  }
}
