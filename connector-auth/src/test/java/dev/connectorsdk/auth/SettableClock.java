package dev.connectorsdk.auth;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when it is told to. */
final class SettableClock extends Clock {

  static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private volatile long now = START.toEpochMilli();

  /** Sets the time to so many seconds after the start. */
  void set(long seconds) {
    now = START.plusSeconds(seconds).toEpochMilli();
  }

  void set(String time) {
    now = Instant.parse(time).toEpochMilli();
  }

  synchronized void advance(Duration time) {
    now += time.toMillis();
  }

  @Override
  public long millis() {
    return now;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(now);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
