package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.internal.connection.OpenConnection;

/**
 * Where the events of a subscription come from, as it is now.
 *
 * @param caller the flow itself
 * @param settings how the subscription watches
 */
record Source(
    Trigger<?, ?> trigger,
    Caller caller,
    ConnectionReference reference,
    OpenConnection connection,
    SubscriptionSettings settings) {

  /** Returns another trigger of the same connector there. */
  Source of(Trigger<?, ?> other) {
    return new Source(other, caller, reference, connection, settings);
  }
}
