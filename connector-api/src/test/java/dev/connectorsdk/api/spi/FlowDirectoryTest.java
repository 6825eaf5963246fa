package dev.connectorsdk.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import org.junit.jupiter.api.Test;

/** What is found in a directory of flows that never change. */
class FlowDirectoryTest {

  private static final Principal ADA = Principal.user("ada");
  private static final Principal BOB = Principal.user("bob");
  private static final Principal TEAM = Principal.group("team");
  private static final ConnectionReference DESK = ConnectionReference.embedded("desk", "tickets");
  private static final ConnectionReference ROOMS = ConnectionReference.embedded("rooms", "rooms");

  private final FlowDirectory flows =
      FlowDirectory.of(
          Flow.of("c", BOB).coOwnedBy(ADA).using(DESK),
          Flow.of("a", ADA).using(DESK),
          Flow.of("d", BOB).runnableBy(TEAM).using(DESK.ownedBy(ADA), ROOMS),
          Flow.of("b", BOB).runnableBy(ADA));

  private static Filter references(String logicalName, Principal owner) {
    return new Filter(null, logicalName, owner, null);
  }

  @Test
  void listsPageByPageInOrder() {
    assertThat(flows.list(Filter.ALL, "", 2)).extracting(Flow::id).containsExactly("a", "b");
    assertThat(flows.list(Filter.ALL, "b", 9)).extracting(Flow::id).containsExactly("c", "d");
    assertThat(flows.list(Filter.ALL, "d", 9)).isEmpty();
    assertThat(flows.find("c")).map(Flow::owner).contains(BOB);
    assertThat(flows.find("e")).isEmpty();
  }

  @Test
  void findsTheFlowsThatSomebodyHasAPartIn() {
    assertThat(flows.list(Filter.of(ADA), "", 9))
        .extracting(Flow::id)
        .containsExactly("a", "b", "c");
    assertThat(flows.list(Filter.of(ADA), "a", 1)).extracting(Flow::id).containsExactly("b");
    assertThat(flows.list(Filter.of(TEAM), "", 9)).extracting(Flow::id).containsExactly("d");
    assertThat(flows.list(Filter.of(Principal.user("eve")), "", 9)).isEmpty();
  }

  @Test
  void findsTheFlowsThatUseAReferenceOfSomebody() {
    assertThat(flows.list(references("desk", ADA), "", 9))
        .extracting(Flow::id)
        .containsExactly("a", "d");
    assertThat(flows.list(references("desk", BOB), "", 9))
        .extracting(Flow::id)
        .containsExactly("c");
    assertThat(flows.list(references("rooms", ADA), "", 9)).isEmpty();
    assertThat(flows.list(new Filter(ConnectorId.of("rooms"), null, BOB, null), "", 9))
        .extracting(Flow::id)
        .containsExactly("d");
    assertThat(flows.list(new Filter(ConnectorId.of("tickets"), "desk"), "", 9)).hasSize(3);
  }
}
