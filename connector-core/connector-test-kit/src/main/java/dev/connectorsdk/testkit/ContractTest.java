package dev.connectorsdk.testkit;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Gives a class with a {@link ConnectorTest} a test for each rule of the {@link ConnectorContract}.
 *
 * <pre>{@code
 * class TasksPluginTest implements ContractTest {
 *   @RegisterExtension final ConnectorTest tasks = ConnectorTest.of(new TasksPlugin());
 * }
 * }</pre>
 *
 * <p>Where samples have to be said, do not implement this; write instead:
 *
 * <pre>{@code
 * @TestFactory
 * Stream<DynamicTest> keepsTheContract() {
 *   return tasks.contract().sample(...).tests();
 * }
 * }</pre>
 */
public interface ContractTest {

  /**
   * Returns a test for each rule.
   *
   * @param contract which the {@link ConnectorTest} gives
   */
  @TestFactory
  default Stream<DynamicTest> keepsTheContract(ConnectorContract contract) {
    return contract.tests();
  }
}
