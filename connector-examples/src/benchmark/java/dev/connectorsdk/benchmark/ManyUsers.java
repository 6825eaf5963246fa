package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import okhttp3.OkHttpClient;

/**
 * Calls of 20,000 users by 64 threads over PostgreSQL, with a pool of 10 connections, next to the
 * same by hand: one SELECT of a user's row for each user and 5 s, AES-GCM, and the call. How many
 * there are a second, and the 99th percentile of how long they take.
 *
 * <p>Goals: at least 0.85 of the calls, and at most 1.2 times the 99th percentile.
 */
public final class ManyUsers {

  private static final int USERS = 20_000;
  private static final int THREADS = 64;
  private static final int CONNECTIONS = 10;
  private static final int MOST = 4_000_000;
  private static final ConnectionReference OWN = ConnectionReference.invoker("mine", "tickets");
  private static final Tickets.TicketQuery QUERY =
      new Tickets.TicketQuery("facilities", "T-20481", 5);

  private ManyUsers() {}

  /** What was measured in one round. */
  private record Round(double perSecond, double p99) {}

  /**
   * Measures.
   *
   * @param args {@code http} over the loopback interface or {@code canned} without a network; the
   *     number of rounds, and for how many seconds each of the two calls in a round
   */
  public static void main(String[] args) throws Exception {
    boolean canned = args[0].equals("canned");
    int rounds = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    OkHttpClient client = canned ? CannedService.client() : new OkHttpClient();
    try (LoopbackService service = new LoopbackService();
        DurablePostgres postgres = DurablePostgres.start(CONNECTIONS)) {
      String url = canned ? CannedService.BASE_URL : service.url() + "/api/v2";
      var byHand = new UserByHand(postgres.pool(), client, url);
      byHand.make(USERS);
      RuntimeBuilder builder = ConnectorRuntime.builder().addressPolicy(AddressPolicy.allowAll());
      if (canned) {
        builder.httpClient(client);
      }
      try (ConnectorRuntime runtime =
          builder
              .connector(Tickets.at(url))
              .store(JdbcStore.builder(postgres.pool()).build(), KeyRing.random())
              .build()) {
        make(runtime);
        postgres.execute("ANALYZE"); // as a database does that has been up for a minute
        IntConsumer own = user -> runtime.invoke(user(user), OWN, Tickets.GET, QUERY);
        compare(rounds, seconds, byHand::call, own);
      }
    }
  }

  private static Caller user(int number) {
    return Principal.user("user-" + number).in("prod");
  }

  private static void make(ConnectorRuntime runtime) throws InterruptedException {
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    Thread[] makers = new Thread[CONNECTIONS];
    for (int i = 0; i < makers.length; i++) {
      int first = i;
      makers[i] =
          new Thread(
              () -> {
                for (int user = first; user < USERS; user += CONNECTIONS) {
                  runtime.connections().create(user(user), spec);
                }
              });
      makers[i].start();
    }
    for (Thread maker : makers) {
      maker.join();
    }
  }

  private static void compare(int rounds, int seconds, IntConsumer byHand, IntConsumer own)
      throws InterruptedException {
    everyUser(byHand);
    everyUser(own);
    round(byHand, seconds);
    round(own, seconds);
    double[] calls = new double[rounds];
    double[] p99 = new double[rounds];
    for (int i = 0; i < rounds; i++) {
      Round hand = round(byHand, seconds);
      Round library = round(own, seconds);
      calls[i] = library.perSecond() / hand.perSecond();
      p99[i] = library.p99() / hand.p99();
      System.out.printf(
          "by hand %,.0f calls/s, p99 %.1f ms; library %,.0f calls/s, p99 %.1f ms%n",
          hand.perSecond(), hand.p99(), library.perSecond(), library.p99());
    }
    Arrays.sort(calls);
    Arrays.sort(p99);
    System.out.printf(
        "%.2f of the calls, %.2f times the 99th percentile, each the median of %d rounds%n",
        calls[rounds / 2], p99[rounds / 2], rounds);
  }

  private static void everyUser(IntConsumer call) throws InterruptedException {
    each(
        thread -> {
          for (int user = thread; user < USERS; user += THREADS) {
            call.accept(user);
          }
        });
  }

  private static Round round(IntConsumer call, int seconds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    int[][] micros = new int[THREADS][MOST / THREADS];
    int[] counts = new int[THREADS];
    each(
        thread -> {
          SplittableRandom users = new SplittableRandom(thread);
          long now = System.nanoTime();
          while (now < end && counts[thread] < micros[thread].length) {
            call.accept(users.nextInt(USERS));
            long after = System.nanoTime();
            micros[thread][counts[thread]++] = (int) TimeUnit.NANOSECONDS.toMicros(after - now);
            now = after;
          }
        });
    int[] all = new int[Arrays.stream(counts).sum()];
    int filled = 0;
    for (int i = 0; i < THREADS; i++) {
      System.arraycopy(micros[i], 0, all, filled, counts[i]);
      filled += counts[i];
    }
    Arrays.sort(all);
    return new Round((double) all.length / seconds, all[(int) (all.length * 0.99)] / 1e3);
  }

  private static void each(IntConsumer work) throws InterruptedException {
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads[i] = new Thread(() -> work.accept(thread));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
