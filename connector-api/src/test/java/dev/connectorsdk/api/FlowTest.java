package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FlowTest {

  private final Principal ada = Principal.user("ada");
  private final Principal ben = Principal.user("ben");
  private final Principal eve = Principal.user("eve");
  private final ConnectionReference tickets = ConnectionReference.embedded("tickets", "jira");

  @Test
  void ownersAndRunOnlyUsersMayRunIt() {
    Flow flow = Flow.of("invoices", ada).runnableBy(ben);

    assertThat(flow.mayRun(ada)).isTrue();
    assertThat(flow.mayRun(ben)).isTrue();
    assertThat(flow.mayRun(eve)).isFalse();
    assertThat(flow.owners()).containsExactly(ada);
    assertThat(flow.runOnlyUsers()).containsExactly(ben);
    assertThat(flow).hasToString("flow invoices");
  }

  @Test
  void eachChangeReturnsACopyThatKeepsTheOthers() {
    Flow flow = Flow.of("invoices", ada);
    Flow changed = flow.runnableBy(ben).using(tickets).runnableBy(eve);

    assertThat(flow.mayRun(ben)).isFalse();
    assertThat(flow.references()).isEmpty();
    assertThat(changed.runOnlyUsers()).containsExactlyInAnyOrder(ben, eve);
    assertThat(changed.reference("tickets")).contains(tickets);
    assertThat(changed.reference("mail")).isEmpty();
  }

  @Test
  void twoReferencesOfOneNameAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Flow.of("invoices", ada)
                    .using(tickets)
                    .using(ConnectionReference.invoker("tickets", "jira")))
        .withMessage("Flow 'invoices' declares reference 'tickets' twice");
  }

  @Test
  void nobodysFlowIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices"))
        .withMessage("Flow 'invoices' needs at least one owner");
    assertThatIllegalArgumentException().isThrownBy(() -> Flow.of("my invoices", ada));
  }
}
