package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the exchanges of one connection with one origin are sent. Once so many have failed in a
 * row, one is sent each 10 s, and the others are refused, until one is answered.
 *
 * <p>Each connection has its own, so that what one meets, such as an instance of its own that is
 * down, stops no other. While all is well, an exchange costs two looks at a number.
 */
final class Circuit {

  private static final Logger log = LoggerFactory.getLogger(Circuit.class);

  private static final Duration BETWEEN_TRIALS = Duration.ofSeconds(10);

  private final int most;
  private final String what;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicLong nextTrial = new AtomicLong();

  /**
   * @param most how many failures in a row there may be; zero for any number
   * @param what whose exchanges with whom, for messages
   */
  Circuit(int most, String what) {
    this.most = most == 0 ? Integer.MAX_VALUE : most;
    this.what = what;
  }

  /** Returns whether exchanges are sent as usual. */
  boolean isClosed() {
    return failures.get() < most;
  }

  /**
   * Lets one exchange through each 10 s.
   *
   * @param exchange what it is called in messages
   * @throws TransportException if it is not this one's turn
   */
  void tryAgain(String exchange, Clock clock) {
    long now = clock.millis();
    long next = nextTrial.get();
    if (isPause(next - now) || !nextTrial.compareAndSet(next, now + BETWEEN_TRIALS.toMillis())) {
      Duration left = Duration.ofMillis(Math.max(1, nextTrial.get() - now));
      throw TransportException.paused(exchange, most, left);
    }
  }

  /** What is left is more than that only if the clock was set back meanwhile. */
  private static boolean isPause(long left) {
    return left > 0 && left <= BETWEEN_TRIALS.toMillis();
  }

  /** Says that an exchange was answered, by a service that works. */
  void answered() {
    if (failures.get() != 0 && failures.getAndSet(0) >= most) {
      log.info("{} go on", what);
    }
  }

  /** Says that an exchange failed, which says nothing good of the service. */
  void failed(Clock clock) {
    nextTrial.set(clock.millis() + BETWEEN_TRIALS.toMillis());
    if (failures.incrementAndGet() == most) {
      log.info("{} pause, since {} have failed in a row", what, most);
    }
  }
}
