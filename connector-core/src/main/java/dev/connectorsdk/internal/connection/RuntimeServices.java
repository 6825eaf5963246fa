package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.internal.http.Transport;
import java.time.Clock;
import java.util.random.RandomGenerator;

/** What a runtime lends to all its parts: the way to services, threads, time and chance. */
public record RuntimeServices(
    Transport transport, Workers workers, Clock clock, RandomGenerator random) {

  /** Returns how to wait. */
  public Sleeper sleeper() {
    return transport.sleeper();
  }
}
