package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.runtime.Tickets.TicketId;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs of one flow that a person has started, and that nobody has. */
@Tag("I1")
class UnattendedRunTest extends HostTest {

  private static final ConnectionReference SECOND =
      ConnectionReference.invoker("second", "tickets");
  private static final ConnectionReference DESK = ConnectionReference.embedded("desk", "desk");
  private static final Flow FLOW = Flow.of("triage", ADA.principal()).runnableBy(BOB.principal());
  private static final Flow MIXED = FLOW.using(SHARED, MINE, SECOND);

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.connector(desk()).attendedOnly("desk");
  }

  private Connector desk() {
    return Connector.builder("desk", url()).auth(AuthOption.apiKeyHeader("X-Api-Key")).build();
  }

  @BeforeEach
  void adaHasBoundTheReferences() {
    runtime.references().bind(ADA, SHARED, connect(ADA, "adas").id());
    ConnectionSpec spec = ConnectionSpec.of("desk", "apiKey").secret("api_key", Secret.of("adas"));
    runtime.references().bind(ADA, DESK, runtime.connections().create(ADA, spec).id());
  }

  private Caller nobody(Flow flow) {
    return flow.in(ADA.environment());
  }

  @Test
  @DisplayName(
      "10: a run that nobody has started needs every reference embedded, and fails before it begins")
  void aRunThatNobodyHasStartedUsesEmbeddedReferencesAlone() {
    assertThatCode(() -> runtime.references().requireReady(nobody(FLOW.using(SHARED))))
        .doesNotThrowAnyException();

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(nobody(MIXED)))
        .satisfies(
            e ->
                assertThat(e.faults())
                    .extracting(Fault::path)
                    .containsExactly("/flow/references/my-tickets", "/flow/references/second"))
        .withMessageContaining("nobody has started the flow, so nobody brings a connection");
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  @DisplayName("10: who starts a run brings own connections for references that are not embedded")
  void aPersonBringsOwnConnectionsForTheOthers() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(BOB.running(MIXED)))
        .withMessageContaining("the caller has no own connection of connector 'tickets'");
    connect(BOB, "bobs");

    assertThatCode(() -> runtime.references().requireReady(BOB.running(MIXED)))
        .doesNotThrowAnyException();
  }

  @Test
  void everythingThatIsNotReadyIsNamed() {
    ConnectionReference unbound = ConnectionReference.embedded("unbound", "tickets");

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(nobody(MIXED.using(unbound))))
        .satisfies(e -> assertThat(e.faults()).hasSize(3));
  }

  @Test
  void aConnectorMayBeExcludedFromRunsThatNobodyHasStarted() {
    assertThat(runtime.references().resolve(ADA.running(FLOW), DESK).trail()).hasSize(1);
    assertThat(runtime.references().resolve(BOB.running(FLOW), DESK).trail()).isEmpty();

    assertThatExceptionOfType(ResolutionException.Denied.class)
        .isThrownBy(() -> runtime.references().resolve(nobody(FLOW), DESK))
        .withMessageEndingWith("connector 'desk' is not for runs that no person has started.");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(nobody(FLOW.using(DESK))));
  }

  @Test
  @DisplayName("10: the same data policies hold for a run that nobody has started")
  void dataPoliciesHoldForRunsThatNobodyHasStarted() {
    Flow flow = FLOW.calling(SHARED, Tickets.GET.id()).calling(DESK);
    runtime
        .policies()
        .save(
            Administrator.ofRuntime(Principal.user("root")),
            DataPolicy.named("p").blocked("tickets").build(),
            0);

    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.references().requireReady(nobody(flow)))
        .withMessageContaining("Connector 'tickets' is blocked");
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> runtime.invoke(nobody(flow), SHARED, Tickets.GET, new TicketId("1")));
    service.verify(0, anyRequestedFor(anyUrl()));
  }

  @Test
  void aConnectorThatIsNotThereIsNotExcluded() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().attendedOnly("dsek").build())
        .withMessage("Connector 'dsek', which is for attended runs only, is not registered");
  }

  @Test
  void aServiceIsNoPersonWhoIsThere() {
    Principal robot = Principal.service("robot");
    Flow flow = FLOW.runnableBy(robot);

    assertThat(runtime.references().resolve(robot.in("dev").running(flow), SHARED).trail())
        .isEmpty();
    for (Caller caller : List.of(robot.in("dev"), robot.in("dev").running(flow))) {
      assertThatExceptionOfType(ResolutionException.Denied.class)
          .isThrownBy(() -> runtime.references().resolve(caller, DESK))
          .withMessageEndingWith("connector 'desk' is not for runs that no person has started.");
    }
  }
}
