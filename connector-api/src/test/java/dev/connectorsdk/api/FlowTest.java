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
  void itSaysWhoseItIsWhoMayChangeItAndWhoMayRunIt() {
    Flow flow = Flow.of("invoices", ada).coOwnedBy(cyd).runnableBy(ben);

    assertThat(flow.owner()).isEqualTo(ada);
    assertThat(flow.coOwners()).containsExactly(cyd);
    assertThat(flow.runOnlyUsers()).containsExactly(ben);
    assertThat(flow).hasToString("flow invoices");
  }

  @Test
  void peopleAndTriggersStartAFlowUnlessItSaysOtherwise() {
    Flow flow = Flow.of("invoices", ada);

    assertThat(flow.kind()).isEqualTo(Flow.Kind.FLOW);
    assertThat(flow.startsBy(Flow.Start.PERSON)).isTrue();
    assertThat(flow.startsBy(Flow.Start.TRIGGERS)).isTrue();
    Flow nightly = flow.startedOnlyBy(Flow.Start.TRIGGERS).coOwnedBy(cyd);
    assertThat(nightly.startsBy(Flow.Start.PERSON)).isFalse();
    assertThat(nightly.startsBy(Flow.Start.TRIGGERS)).isTrue();
    assertThat(flow.startedOnlyBy(Flow.Start.PERSON).startsBy(Flow.Start.TRIGGERS)).isFalse();
  }

  @Test
  void peopleAloneStartAnApp() {
    Flow app = Flow.app("desk", ada).using(tickets).runnableBy(ben);

    assertThat(app.kind()).isEqualTo(Flow.Kind.APP);
    assertThat(app.startsBy(Flow.Start.PERSON)).isTrue();
    assertThat(app.startsBy(Flow.Start.TRIGGERS)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> app.startedOnlyBy(Flow.Start.TRIGGERS))
        .withMessage("App 'desk' is started by people alone");
  }

  @Test
  void theOwnerIsNoCoOwnerAsWell() {
    assertThat(Flow.of("invoices", ada).coOwnedBy(ada, cyd).coOwners()).containsExactly(cyd);
  }

  @Test
  @Tag("I1")
  void aGroupIsCoOwnerOrRunOnlyUserAndNotTheOwner() {
    Principal staff = Principal.group("staff");
    Principal editors = Principal.editorsOf("list-7");
    Flow flow = Flow.of("invoices", ada).coOwnedBy(staff).runnableBy(editors);

    assertThat(flow.coOwners()).containsExactly(staff);
    assertThat(flow.runOnlyUsers()).containsExactly(editors);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices", staff))
        .withMessage(
            "Flow 'invoices' cannot be owned by group:staff: name a user or a service, and make a"
                + " group a co-owner");
  }

  @Test
  void aFlowIsNotSharedWithAFlow() {
    Principal other = new Principal(Principal.Kind.FLOW, "other");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices", ada).coOwnedBy(cyd, other))
        .withMessage("Flow 'invoices' cannot be shared with flow:other, which is no person");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Flow.of("invoices", ada).runnableBy(other));
  }

  @Test
  void eachChangeReturnsACopyThatKeepsTheOthers() {
    Flow flow = Flow.of("invoices", ada);
    Flow changed =
        flow.runnableBy(ben).coOwnedBy(cyd).using(tickets).runnableBy(eve).coOwnedBy(dan);

    assertThat(flow.runOnlyUsers()).isEmpty();
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

  @Test
  void declaresTheOperationsThatItCallsUnderAReference() {
    Flow flow = Flow.of("invoices", ada).calling(tickets, "list").calling(tickets, "add", "list");

    assertThat(flow.references()).containsExactly(tickets);
    assertThat(flow.operations(tickets)).containsExactlyInAnyOrder("list", "add");
    assertThat(flow.coOwnedBy(cyd).runnableBy(ben).operations(tickets)).contains("add");
    assertThat(flow.operations(ConnectionReference.embedded("mail", "mail"))).isEmpty();
  }

  @Test
  void operationsGoWithOneReferenceOfAName() {
    Flow flow = Flow.of("invoices", ada).using(tickets);

    assertThat(flow.calling(tickets, "list").references()).containsExactly(tickets);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> flow.calling(ConnectionReference.embedded("tickets", "other"), "list"))
        .withMessage("Flow 'invoices' declares reference 'tickets' twice");
    assertThatIllegalArgumentException().isThrownBy(() -> flow.calling(tickets, " "));
  }
}
