package dev.connectorsdk.examples.plugin;

import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.testkit.ConnectorContract;
import dev.connectorsdk.testkit.ConnectorTest;
import dev.connectorsdk.testkit.ContractTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of every connector of the examples. */
class ExamplesContractTest {

  @Nested
  // tag::contract[]
  class TasksContractTest implements ContractTest {
    @RegisterExtension final ConnectorTest tasks = ConnectorTest.of(new TasksPlugin());
  }

  // end::contract[]

  @TestFactory
  Stream<DynamicTest> boardsKeepTheContract() {
    return ConnectorContract.of(new BoardsPlugin()).tests();
  }

  @TestFactory
  Stream<DynamicTest> theHelpdeskKeepsTheContract() {
    return ConnectorContract.of(new Helpdesk())
        .leavingOut("attachLargeFile", "its upload in chunks has a protocol of its own")
        .tests();
  }
}
