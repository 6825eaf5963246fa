package dev.connectorsdk.runtime;

import dev.connectorsdk.api.spi.Sleeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves when told, or when somebody sleeps by it. */
public final class SettableClock extends Clock implements Sleeper {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T12:00:00Z"));
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  public void advance(Duration duration) {
    now.updateAndGet(t -> t.plus(duration));
  }

  @Override
  public void sleep(Duration pause) {
    pauses.add(pause);
    advance(pause);
  }

  /** How long was slept, each time. */
  public List<Duration> pauses() {
    return new ArrayList<>(pauses);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
