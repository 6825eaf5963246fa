package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;

/** Checks what a stub returns by the means by which runtimes check inputs. */
final class OutputProbe {

  private static final Caller ADA = Principal.user("ada").in("test");

  private OutputProbe() {}

  /**
   * Fails unless an output fits the schema of its action.
   *
   * @throws AssertionError with every place that does not fit
   */
  static <O> void require(Action<?, O> action, O output) {
    Action<O, O> same =
        Action.builder("output", Effect.READ, action.output(), action.output())
            .run((value, call) -> value);
    Connector connector =
        Connector.builder("outputs", "https://outputs.test")
            .auth(AuthOption.none())
            .action(same)
            .build();
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().connector(connector).build()) {
      runtime.connections().create(ADA, ConnectionSpec.of("outputs", "none").untested());
      runtime.invoke(ADA, ConnectionReference.invoker("output", "outputs"), "output", output);
    } catch (InvalidInputException e) {
      throw new AssertionError(
          "What the stub of '" + action.id() + "' returns is no output of it: " + e.getMessage(),
          e);
    }
  }
}
