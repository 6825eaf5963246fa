package dev.connectorsdk.benchmark;

import com.sun.net.httpserver.HttpServer;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.api.spi.AuditStore;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import dev.connectorsdk.secret.KeyRing;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGConnectionPoolDataSource;

/**
 * What the audit costs a call: the durations of calls over loopback HTTP at a steady 1,000 a
 * second, with the audit to PostgreSQL and without, each in JVMs of its own by turns; and the rate
 * of calls without a network at which records are made faster than they are stored.
 *
 * <p>Goals: the median within 2 % and the 99th percentile within 10 % of the same without audit.
 */
public final class AuditRate {

  private static final int RATE = 1_000;
  private static final int WARM_UP_RATE = 2_000;
  private static final int CALLERS = 4;
  private static final String MEASURED = "measured ";
  private static final int WARM_UP_SECONDS = 6;
  private static final int FULL_SECONDS = 5;
  private static final int HIGHEST_RATE = 256_000;

  /** As many as are stored at once a few times over; 10,000 have room. */
  private static final int FILLING = 4_000;

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final Flow FLOW = Flow.of("report", ADA.principal());
  private static final ConnectionReference REFERENCE =
      ConnectionReference.embedded("team-tickets", "tickets");
  private static final Tickets.TicketQuery QUERY =
      new Tickets.TicketQuery("facilities", "T-20481", 5);

  private AuditRate() {}

  /**
   * Measures.
   *
   * @param args {@code latency}, the number of JVMs of each kind and for how many seconds each
   *     measures; or {@code buffer}
   */
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "latency" -> compare(Integer.parseInt(args[1]), args[2]);
      case "buffer" -> fill();
      case "fork" -> fork(args[1].equals("on"), args[2], args[3], Integer.parseInt(args[4]));
      default -> throw new IllegalArgumentException("latency or buffer, not " + args[0]);
    }
  }

  /** The durations of calls in nanoseconds. */
  private record Durations(double median, double p99) {}

  private static void compare(int forks, String seconds) throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer service = service(threads);
    List<Durations> without = new ArrayList<>();
    List<Durations> with = new ArrayList<>();
    try (DurablePostgres postgres = DurablePostgres.start(1)) {
      String url = "http://localhost:" + service.getAddress().getPort();
      for (int i = 0; i < forks; i++) {
        for (boolean first : new boolean[] {true, false}) {
          boolean on = first == (i % 2 == 1); // Each kind comes first as often as the other.
          postgres.empty();
          Durations measured = run(on ? "on" : "off", url, postgres.port(), seconds);
          (on ? with : without).add(measured);
          System.out.printf(
              "audit %s: median %.0f us, p99 %.0f us%n",
              on ? "on" : "off", measured.median() / 1e3, measured.p99() / 1e3);
        }
      }
    } finally {
      service.stop(0);
      threads.shutdownNow();
    }
    System.out.printf(
        "with audit: %.3f times the median, %.3f times the p99%n",
        middle(with, Durations::median) / middle(without, Durations::median),
        middle(with, Durations::p99) / middle(without, Durations::p99));
  }

  private static double middle(List<Durations> all, ToDoubleFunction<Durations> of) {
    double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static HttpServer service(ExecutorService threads) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(threads);
    byte[] ticket = CannedService.ticket();
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, ticket.length);
          exchange.getResponseBody().write(ticket);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Durations run(String audit, String url, int port, String seconds)
      throws Exception {
    Process fork =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                AuditRate.class.getName(),
                "fork",
                audit,
                url,
                String.valueOf(port),
                seconds)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = fork.inputReader()) {
      String[] words =
          lines
              .lines()
              .filter(line -> line.startsWith(MEASURED))
              .findFirst()
              .orElseThrow()
              .split(" ", -1);
      return new Durations(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    } finally {
      fork.waitFor();
    }
  }

  private static void fork(boolean audited, String url, String port, int seconds) throws Exception {
    JdbcConnectionPool pool = pool(Integer.parseInt(port));
    RuntimeBuilder builder = ConnectorRuntime.builder().addressPolicy(AddressPolicy.allowAll());
    if (audited) {
      builder.audit(AuditSettings.inStore());
    }
    try (ConnectorRuntime runtime = start(builder, pool, url)) {
      call(runtime, WARM_UP_RATE, WARM_UP_SECONDS);
      long[] nanos = call(runtime, RATE, seconds);
      Arrays.sort(nanos);
      System.out.println(MEASURED + nanos[nanos.length / 2] + " " + nanos[nanos.length * 99 / 100]);
    } finally {
      pool.dispose();
    }
  }

  private static JdbcConnectionPool pool(int port) {
    var source = new PGConnectionPoolDataSource();
    source.setServerNames(new String[] {"localhost"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName("postgres");
    source.setUser("postgres");
    return JdbcConnectionPool.create(source);
  }

  private static ConnectorRuntime start(RuntimeBuilder builder, DataSource pool, String url) {
    Connector connector = Tickets.at(url);
    ConnectorRuntime runtime =
        builder
            .connector(connector)
            .store(JdbcStore.builder(pool).build(), KeyRing.random())
            .build();
    ConnectionSpec spec =
        ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of(CannedService.KEY));
    runtime.references().bind(ADA, REFERENCE, runtime.connections().create(ADA, spec).id());
    return runtime;
  }

  /** Calls at a steady rate, and returns how long each call took. */
  private static long[] call(ConnectorRuntime runtime, int rate, int seconds) throws Exception {
    int calls = rate * seconds / CALLERS;
    long pause = TimeUnit.SECONDS.toNanos(CALLERS) / rate;
    long[] nanos = new long[CALLERS * calls];
    Thread[] callers = new Thread[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
      int first = i * calls;
      long offset = i * pause / CALLERS;
      callers[i] = new Thread(() -> call(runtime, nanos, first, calls, offset, pause));
      callers[i].start();
    }
    for (Thread caller : callers) {
      caller.join();
    }
    return nanos;
  }

  private static void call(
      ConnectorRuntime runtime, long[] nanos, int first, int calls, long offset, long pause) {
    Caller caller = ADA.running(FLOW);
    long due = System.nanoTime() + offset;
    for (int i = 0; i < calls; i++) {
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long began = System.nanoTime();
      runtime.invoke(caller, REFERENCE, Tickets.GET, QUERY);
      nanos[first + i] = System.nanoTime() - began;
      due += pause;
    }
  }

  /** Doubles the rate until records wait for longer than they may, or calls are not that fast. */
  private static void fill() throws Exception {
    try (DurablePostgres postgres = DurablePostgres.start(10)) {
      JdbcStore store = JdbcStore.builder(postgres.pool()).build();
      var counted = new CountedAudit(store.audit());
      RuntimeBuilder builder =
          ConnectorRuntime.builder()
              .httpClient(CannedService.client())
              .audit(AuditSettings.in(counted).leavingOut());
      try (ConnectorRuntime runtime = start(builder, postgres.pool(), CannedService.BASE_URL)) {
        call(runtime, WARM_UP_RATE, WARM_UP_SECONDS);
        boolean isFilling = false;
        for (int rate = 2 * RATE; !isFilling && rate <= HIGHEST_RATE; rate *= 2) {
          TimeUnit.SECONDS.sleep(2); // What waits is stored meanwhile.
          long before = counted.stored.get();
          long began = System.nanoTime();
          call(runtime, rate, FULL_SECONDS);
          double seconds = (System.nanoTime() - began) / 1e9;
          long made = (long) rate * FULL_SECONDS;
          long waiting = made - (counted.stored.get() - before);
          isFilling = waiting > FILLING;
          System.out.printf(
              "%.0f calls/s: %d of %d records wait at the end%n", made / seconds, waiting, made);
        }
      }
    }
  }

  /** Counts what is stored. */
  private static final class CountedAudit implements AuditStore {

    private final AuditStore store;
    private final AtomicLong stored = new AtomicLong();

    CountedAudit(AuditStore store) {
      this.store = store;
    }

    @Override
    public void append(Collection<AuditRecord> records) {
      store.append(records);
      stored.addAndGet(records.size());
    }

    @Override
    public void seen(String run, Instant at) {
      store.seen(run, at);
    }

    @Override
    public List<AuditRecord> list(Filter filter, AuditRecord.@Nullable Position before, int limit) {
      return store.list(filter, before, limit);
    }

    @Override
    public int forget(Instant before, int limit) {
      return store.forget(before, limit);
    }

    @Override
    public List<OpenRun> listOpenRuns(Instant seenBefore, String after, int limit) {
      return store.listOpenRuns(seenBefore, after, limit);
    }
  }
}
