package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.spi.FlowDirectory;
import java.util.Objects;

/** A command about the events of one trigger, which is subscribed to for a flow of its own. */
abstract class TriggerCommand extends ConnectedCommand {

  TriggerCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  final void check(OperationInfo operation) {
    boolean isTrigger = operation.reported().isTrigger();
    if (operation.trigger() == null || !operation.isSupported()) {
      throw new FailedException(
          "operation '"
              + operation.id()
              + (isTrigger
                  ? "' cannot be used: " + operation.whyNot()
                  : "' is no trigger; see: connectors help call"));
    }
    check(operation.trigger());
  }

  /** Refuses triggers that this command cannot do anything with. */
  abstract void check(Trigger<?, ?> trigger);

  static Trigger<?, ?> trigger(Asked asked) {
    return Objects.requireNonNull(asked.operation().trigger());
  }

  /** Returns who subscribes, and has the runtime know the flow for which. */
  static Caller subscriber(Way way) {
    ConnectionReference reference = way.reference();
    Flow flow = Flow.of(reference.logicalName(), Home.me().principal()).using(reference);
    way.builder().flows(FlowDirectory.of(flow));
    return Home.me().running(flow);
  }
}
