package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.event.ConnectorEvent;
import dev.connectorsdk.api.event.ConnectorEvent.CandidateAllows;
import dev.connectorsdk.api.event.ConnectorEvent.PolicyBroken;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Mode;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What policies that are not enforced have against calls. */
@Tag("I3")
class WatchedPoliciesTest {

  private static final ConnectionReference CRM = ConnectionReference.embedded("deals", "crm");
  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Flow FLOW = Flow.of("report", ADA.principal()).calling(CRM, "list");

  private final SettableClock clock = new SettableClock();
  private final PolicyStore store = new InMemoryStore(clock).policies();
  private final List<ConnectorEvent> told = new ArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final EnforcedPolicies policies =
      new EnforcedPolicies(
          new StoredPolicies(
              store,
              StoreChanges.none(clock, Duration.ofSeconds(5)),
              (environment, id) -> {
                looks.incrementAndGet();
                return new ConnectorFacts(id, false, true, null);
              }),
          false,
          new EventHub(Auditor.none(clock), List.of(told::add)),
          clock,
          (caller, reference) -> null);

  private void save(DataPolicy policy) {
    store.writePolicy(new PolicyStore.StoredPolicy(policy.name(), 1, policy.toJson()), 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("I3: a call that would be refused is judged once, and told of once")
  void aCallIsJudgedOnce(boolean isOfFlow) {
    save(DataPolicy.named("candidate").mode(Mode.AUDIT).blocked("crm").build());
    Caller caller = isOfFlow ? ADA.running(FLOW) : ADA;

    policies.requireCall(caller, CRM, "list");
    int first = looks.get();
    for (int i = 0; i < 100; i++) {
      policies.requireCall(caller, CRM, "list");
    }

    assertThat(looks).hasValue(first);
    assertThat(told).hasSize(1);
  }

  @Test
  @DisplayName("I3: a flow that is changed is judged anew")
  void aChangedFlowIsJudgedAnew() {
    save(DataPolicy.named("candidate").mode(Mode.AUDIT).business("crm").build());
    Flow mixing = FLOW.calling(ConnectionReference.embedded("chat", "chat"), "post");

    policies.requireCall(ADA.running(FLOW), CRM, "list");
    assertThat(told).isEmpty();
    policies.requireCall(ADA.running(mixing), CRM, "list");

    assertThat(told).hasSize(1);
  }

  private static DataPolicy.Builder next() {
    return DataPolicy.named("next").mode(Mode.AUDIT).insteadOf("p");
  }

  private void isRefused(Caller caller) {
    assertThatExceptionOfType(PolicyException.class)
        .isThrownBy(() -> policies.requireCall(caller, CRM, "list"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("I3: what is refused and would not be with the next version is told of once")
  void theNextVersionAllowsMore(boolean isOfFlow) {
    save(DataPolicy.named("p").blocked("crm").build());
    save(next().build());
    Caller caller = isOfFlow ? ADA.running(FLOW) : ADA;

    isRefused(caller);
    isRefused(caller);

    assertThat(told)
        .containsExactly(
            new CandidateAllows(clock.instant(), caller, CRM.connector(), "list", null, "next", 1));
  }

  @Test
  @DisplayName("I3: what another policy refuses, too, the next version would not allow")
  void anotherPolicyRefusesToo() {
    save(DataPolicy.named("p").blocked("crm").build());
    save(DataPolicy.named("other").blocked("crm").build());
    save(next().build());

    isRefused(ADA.running(FLOW));

    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("I3: a flow that does not declare a call is refused by the next version, too")
  void whatIsNotDeclaredIsRefusedByTheNextVersionToo() {
    save(DataPolicy.named("p").build());
    save(next().build());

    isRefused(ADA.running(Flow.of("silent", ADA.principal())));

    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("I3: what the next version would refuse is told of as of any that is tried out")
  void theNextVersionRefusesMore() {
    save(DataPolicy.named("p").build());
    save(next().blocked("crm").build());

    policies.requireCall(ADA.running(FLOW), CRM, "list");

    assertThat(told).singleElement().isInstanceOf(PolicyBroken.class);
  }

  @Test
  @DisplayName("I3: a request that the next version would let go is told of")
  void theNextVersionLetsARequestGo() {
    save(DataPolicy.named("p").denyEndpoint("crm", "*").build());
    save(next().denyEndpoint("crm", "evil.test").build());
    Caller caller = ADA.running(FLOW);
    EndpointGate gate = policies.endpoints(ADA.environment(), CRM.connector());

    for (String url :
        new String[] {"https://api.test/x", "https://api.test/y", "https://evil.test/"}) {
      assertThatExceptionOfType(PolicyException.class)
          .isThrownBy(() -> gate.require(HttpUrl.get(url), caller));
    }

    assertThat(told)
        .containsExactly(
            new CandidateAllows(
                clock.instant(), caller, CRM.connector(), null, "https://api.test", "next", 1));
  }

  @Test
  void onlyWhatIsNotEnforcedIsTriedOutInPlaceOfAnother() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> next().mode(Mode.ENFORCE).build())
        .withMessageContaining("/insteadOf");
    DataPolicy policy = next().build();
    assertThat(DataPolicy.read("file", policy.toJson())).isEqualTo(policy);
    assertThat(policy.toJson()).contains("\"insteadOf\": \"p\"");
  }
}
