package dev.connectorsdk.benchmark;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** When the triggers of a measurement were polled. Each is to be polled every 2 s. */
final class PollLog {

  static final long INTERVAL_MILLIS = 2_000;

  private static final int LATE_MILLIS = 1_000;

  private final AtomicLongArray last;
  private final AtomicIntegerArray byLateness = new AtomicIntegerArray(LATE_MILLIS + 1);
  private volatile boolean counting;

  PollLog(int triggers) {
    last = new AtomicLongArray(triggers);
  }

  int triggers() {
    return last.length();
  }

  /** Notes that a poll begins. */
  void begun(int trigger) {
    long now = System.nanoTime();
    long before = last.getAndSet(trigger, now);
    if (counting) {
      count(now - before);
    }
  }

  private void count(long nanos) {
    long late = TimeUnit.NANOSECONDS.toMillis(nanos) - INTERVAL_MILLIS;
    byLateness.incrementAndGet((int) Math.max(0, Math.min(LATE_MILLIS, late)));
  }

  /** Returns how many polls a second there were, or 0 if more than 1 of 100 was a second late. */
  double measure(long millis) throws InterruptedException {
    long began = System.nanoTime();
    counting = true;
    Thread.sleep(millis);
    counting = false;
    long ended = System.nanoTime();
    int[] counts = new int[LATE_MILLIS + 1];
    Arrays.setAll(counts, byLateness::get);
    int polls = Arrays.stream(counts).sum();
    int missing = 0;
    for (int i = 0; i < last.length(); i++) {
      boolean late =
          ended - last.get(i) > TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS + LATE_MILLIS);
      missing += late ? 1 : 0;
    }
    int late = counts[LATE_MILLIS] + missing;
    double rate = polls * 1e9 / (ended - began);
    System.out.printf(
        "  %d triggers: %.0f polls/s, half of them within %d ms, 99 %% within %s ms%n",
        last.length(),
        rate,
        within(counts, polls / 2),
        late * 100L > polls ? "> 1000" : within(counts, polls * 99 / 100));
    return late * 100L > polls ? 0 : rate;
  }

  private static int within(int[] counts, int polls) {
    int millis = 0;
    for (int sum = counts[0]; sum < polls && millis < LATE_MILLIS; millis++) {
      sum += counts[millis + 1];
    }
    return millis;
  }
}
