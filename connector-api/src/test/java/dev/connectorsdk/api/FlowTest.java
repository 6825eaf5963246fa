package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class FlowTest {

  private final Principal ada = Principal.user("ada");
  private final Principal ben = Principal.user("ben");
  private final Principal cyd = Principal.user("cyd");
  private final Principal dan = Principal.user("dan");
  private final Principal eve = Principal.user("eve");
  private final ConnectionReference tickets = ConnectionReference.embedded("tickets", "jira");

  @Test
  void ownersAndRunOnlyUsersMayRunIt() {
    Flow flow = Flow.of("invoices", ada).coOwnedBy(cyd).runnableBy(ben);

    assertThat(flow.mayRun(ada)).isTrue();
    assertThat(flow.mayRun(cyd)).isTrue();
    assertThat(flow.mayRun(ben)).isTrue();
    assertThat(flow.mayRun(eve)).isFalse();
    assertThat(flow.owner()).isEqualTo(ada);
    assertThat(flow.coOwners()).containsExactly(cyd);
    assertThat(flow.runOnlyUsers()).containsExactly(ben);
    assertThat(flow).hasToString("flow invoices");
  }

  @Test
  void onlyTheOwnerAndCoOwnersMayChangeIt() {
    Flow flow = Flow.of("invoices", ada).coOwnedBy(cyd).runnableBy(ben);

    assertThat(flow.mayChange(ada)).isTrue();
    assertThat(flow.mayChange(cyd)).isTrue();
    assertThat(flow.mayChange(ben)).isFalse();
    assertThat(flow.mayChange(eve)).isFalse();
  }

  @Test
  void theOwnerIsNoCoOwnerAsWell() {
    assertThat(Flow.of("invoices", ada).coOwnedBy(ada, cyd).coOwners()).containsExactly(cyd);
  }

  @Test
  @Tag("I1")
  void aGroupOwnsNoFlow() {
    Principal staff = Principal.group("staff");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices", staff))
        .withMessage(
            "Flow 'invoices' cannot be owned by group:staff: nothing in this version knows who"
                + " belongs to a group. Name its members.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices", ada).coOwnedBy(cyd, staff))
        .withMessageContaining("group:staff");
  }

  @Test
  void eachChangeReturnsACopyThatKeepsTheOthers() {
    Flow flow = Flow.of("invoices", ada);
    Flow changed =
        flow.runnableBy(ben).coOwnedBy(cyd).using(tickets).runnableBy(eve).coOwnedBy(dan);

    assertThat(flow.mayRun(ben)).isFalse();
    assertThat(flow.coOwners()).isEmpty();
    assertThat(changed.coOwners()).containsExactlyInAnyOrder(cyd, dan);
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
  void anIdThatIsNoNameIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Flow.of("my invoices", ada));
  }
}
