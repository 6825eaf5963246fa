package dev.connectorsdk.examples.plugin;

import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.testkit.ConnectorContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The contract of every connector of the examples. */
class ExamplesContractTest {

  // tag::contract[]
  @TestFactory
  Stream<DynamicTest> tasksKeepTheContract() {
    return ConnectorContract.of(new TasksPlugin()).tests();
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
