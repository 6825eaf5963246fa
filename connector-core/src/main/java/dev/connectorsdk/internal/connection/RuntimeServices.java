package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.observation.Observations;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What a runtime lends to all its parts: the way to services, threads, time, chance, the audit,
 * what data policies allow, and gateways.
 *
 * @param ticker milliseconds from an origin of its own, to measure how long something takes
 */
public record RuntimeServices(
    Transport transport,
    Workers workers,
    Clock clock,
    LongSupplier ticker,
    RandomGenerator random,
    Auditor auditor,
    PolicyGate policies,
    GatewayAccess gateways) {

  /** Returns who measures and traces what the runtime does. */
  public Observations observations() {
    return transport.observations();
  }

  /** Returns how to wait. */
  public Sleeper sleeper() {
    return transport.sleeper();
  }
}
