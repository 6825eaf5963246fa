package dev.connectorsdk.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * How many polls a second come in time: the highest rate at which 99 of 100 polls begin less than a
 * second late, of the library and of a scheduler by hand on as many threads, in the same run.
 *
 * <p>Polls do nothing, sleep for 20 ms, or call a service over loopback HTTP, and each moves its
 * cursor. The library polls, encrypts and stores; by hand, cursors are put into a map.
 *
 * <p>Goals: of polls that sleep at least 0.15 times as many as by hand, of polls that call HTTP at
 * least 0.85 times as many.
 */
public final class PollRate {

  private static final int FIRST = 500;
  private static final double CLOSE = 1.2;

  private PollRate() {}

  /** What runs polls of so many triggers, each once a second. */
  interface Engine {
    AutoCloseable start(PolledService service, PollLog log) throws Exception;
  }

  /**
   * Measures.
   *
   * @param args {@code nothing}, {@code sleep} or {@code http}; all of them if there is none
   */
  public static void main(String[] args) throws Exception {
    List<String> kinds = args.length == 0 ? List.of("nothing", "sleep", "http") : List.of(args);
    for (String kind : kinds) {
      double byHand = highest(kind, "by hand", new PollsByHand());
      double library = highest(kind, "library", new PollsOfLibrary());
      System.out.printf("%s: %.2f times as many as by hand%n", kind, library / byHand);
    }
  }

  /** Doubles the number of triggers until they are late, and looks twice in between. */
  private static double highest(String kind, String name, Engine engine) throws Exception {
    double best = 0;
    double inTime = FIRST / 2.0;
    double late = Double.POSITIVE_INFINITY;
    while (late / inTime > CLOSE) {
      int triggers = (int) (Double.isInfinite(late) ? 2 * inTime : Math.sqrt(inTime * late));
      double rate = measure(kind, engine, triggers);
      best = Math.max(best, rate);
      if (rate > 0) {
        inTime = triggers;
      } else {
        late = triggers;
      }
    }
    System.out.printf("%s, %s: %.0f polls/s%n", kind, name, best);
    return best;
  }

  /** Returns how many polls a second there were, or 0 if they came too late. */
  private static double measure(String kind, Engine engine, int triggers) throws Exception {
    PollLog log = new PollLog(triggers);
    try (PolledService service = service(kind);
        AutoCloseable started = engine.start(service, log)) {
      Thread.sleep(2_500);
      return log.measure(3_000);
    }
  }

  private static PolledService service(String kind) throws IOException {
    return switch (kind) {
      case "nothing" -> PolledService.still();
      case "sleep" -> PolledService.sleeping(20);
      case "http" -> PolledService.calling();
      default -> throw new IllegalArgumentException("nothing, sleep or http, not " + kind);
    };
  }
}
