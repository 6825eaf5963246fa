package dev.connectorsdk.examples.mcp;

import static dev.connectorsdk.examples.mcp.Desk.HOST;
import static dev.connectorsdk.examples.mcp.Desk.PROD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.ActionRules;
import dev.connectorsdk.runtime.ConnectorRuntime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PermittedActionsTest {

  private static final ConnectionReference DESK = ConnectionReference.invoker("desk", "desk");
  private static final ServedAction LIST = action("listTickets");
  private static final ServedAction CLOSE = action("closeTicket");

  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder().connector(Desk.at("https://desk.example")).build();
  private final PermittedActions permitted =
      new PermittedActions(
          runtime.policies(),
          PROD,
          Desk.agent().calling(DESK, LIST.operation(), CLOSE.operation()));

  @AfterEach
  void close() {
    runtime.close();
  }

  private static ServedAction action(String operation) {
    return new ServedAction("desk__" + operation, DESK, "Help desk", operation, operation);
  }

  @Test
  void everyCallOfWhatIsAllowedIsOfOneFlow() {
    Flow flow = permitted.calling(LIST);

    assertThat(permitted.calling(CLOSE)).isSameAs(flow);
    assertThat(permitted.calling(LIST)).isSameAs(flow);
  }

  @Test
  void callingWhatIsForbiddenMakesNoFlowForEachCall() {
    DataPolicy careful =
        DataPolicy.named("careful").actions("desk", ActionRules.blocking("closeTicket")).build();
    runtime.policies().save(Administrator.ofRuntime(HOST), careful, 0);

    Flow forbidden = permitted.calling(CLOSE);

    assertThat(forbidden.operations(DESK)).containsExactly("closeTicket");
    assertThat(permitted.calling(LIST).operations(DESK)).containsExactly("listTickets");
    assertThat(permitted.calling(CLOSE)).isSameAs(forbidden);
  }
}
