package dev.connectorsdk.benchmark;

import java.io.IOException;
import java.util.List;

/**
 * How many polls a second come in time: the highest rate at which 99 of 100 polls begin less than a
 * second late, of the library and by hand on as many threads, in the same run.
 *
 * <p>Polls do nothing, sleep for 20 ms, or call a service over loopback HTTP: by the same client on
 * both sides ({@code http}), or the library's by its own ({@code call}). Each moves its cursor,
 * which the library encrypts and stores. By hand, a plain executor puts cursors into a map, or
 * db-scheduler stores each with an UPDATE.
 *
 * <p>Goals: in memory at least 0.15 times as many polls that sleep and 0.85 times as many that call
 * HTTP; on PostgreSQL at least 0.8 times as many of both.
 */
public final class PollRate {

  private static final int FIRST = 2_000;
  private static final int CONNECTIONS = 40;
  private static final double CLOSE = 1.2;
  private static final int WARM_UP_MILLIS = 60_000;
  private static final int MILLIS = 3_000;
  private static final int FIRST_POLLS_MILLIS = 4_000;

  private PollRate() {}

  /** What runs polls of so many triggers, each every 2 s. */
  interface Engine {
    AutoCloseable start(PolledService service, PollLog log) throws Exception;
  }

  /**
   * Measures.
   *
   * @param args {@code memory} or {@code postgres}, then {@code nothing}, {@code sleep} or {@code
   *     http} or {@code call}; all of these if there is none
   */
  public static void main(String[] args) throws Exception {
    List<String> kinds =
        args.length > 1
            ? List.of(args).subList(1, args.length)
            : List.of("nothing", "sleep", "http", "call");
    switch (args[0]) {
      case "memory" -> compare(kinds, new PollsByHand(), PollsOfLibrary.inMemory());
      case "postgres" -> {
        try (DurablePostgres postgres = DurablePostgres.start(CONNECTIONS)) {
          compare(kinds, new PollsByDbScheduler(postgres), PollsOfLibrary.in(postgres));
        }
      }
      default -> throw new IllegalArgumentException("memory or postgres, not " + args[0]);
    }
  }

  private static void compare(List<String> kinds, Engine byHand, Engine library) throws Exception {
    for (String kind : kinds) {
      double baseline = highest(kind, "by hand", byHand);
      double ours = highest(kind, "library", library);
      System.out.printf("%s: %.2f times as many as by hand%n", kind, ours / baseline);
    }
  }

  /** Doubles the number of triggers until they are late, and looks twice in between. */
  private static double highest(String kind, String name, Engine engine) throws Exception {
    measure(kind, engine, 2 * FIRST, WARM_UP_MILLIS); // Code is compiled meanwhile.
    double best = 0;
    double inTime = FIRST / 2.0;
    double late = Double.POSITIVE_INFINITY;
    while (late / inTime > CLOSE) {
      int triggers = (int) (Double.isInfinite(late) ? 2 * inTime : Math.sqrt(inTime * late));
      double rate = measure(kind, engine, triggers, MILLIS);
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
  private static double measure(String kind, Engine engine, int triggers, int millis)
      throws Exception {
    PollLog log = new PollLog(triggers);
    try (PolledService service = service(kind)) {
      AutoCloseable started = engine.start(service, log);
      try {
        Thread.sleep(FIRST_POLLS_MILLIS);
        return log.measure(millis);
      } finally {
        started.close();
      }
    }
  }

  private static PolledService service(String kind) throws IOException {
    return switch (kind) {
      case "nothing" -> PolledService.still();
      case "sleep" -> PolledService.sleeping(20);
      case "http" -> PolledService.calling(false);
      case "call" -> PolledService.calling(true);
      default -> throw new IllegalArgumentException("nothing, sleep, http or call, not " + kind);
    };
  }
}
