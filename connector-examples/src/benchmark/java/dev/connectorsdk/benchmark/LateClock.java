package dev.connectorsdk.benchmark;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Supplier;

/** A clock that a benchmark sets on. */
final class LateClock extends Clock {

  private final Supplier<Clock> present;

  LateClock(Supplier<Clock> present) {
    this.present = present;
  }

  @Override
  public ZoneId getZone() {
    return present.get().getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new LateClock(() -> present.get().withZone(zone));
  }

  @Override
  public Instant instant() {
    return present.get().instant();
  }
}
