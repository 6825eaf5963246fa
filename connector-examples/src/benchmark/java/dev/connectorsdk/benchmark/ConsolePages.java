package dev.connectorsdk.benchmark;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.console.Console;
import dev.connectorsdk.examples.console.Visitor;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.jdbc.JdbcStore;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import io.javalin.Javalin;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;

/**
 * How long each page of the web console takes with 100,000 connections and 10,000 flows, next to
 * 100 of each, over loopback HTTP: {@code memory}, {@code h2} or {@code postgres}.
 *
 * <p>Goal: no page takes more than 3 times as long.
 */
public final class ConsolePages {

  private static final int FEW = 100;
  private static final int CONNECTIONS = 100_000;
  private static final int FLOWS = 10_000;
  private static final int ROUNDS = 15;
  private static final String IN = "prod";
  private static final ConnectionReference DESK = ConnectionReference.embedded("desk", "tickets");
  private static final Pattern TOKEN = Pattern.compile("name=\"form_token\" value=\"([^\"]*)\"");
  private static final DataPolicy BLOCKING = DataPolicy.named("tried").blocked("tickets").build();

  private final ConnectorRuntime runtime;
  private final Javalin app;
  private final URI address;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Map<String, String> pages = new LinkedHashMap<>();

  private ConsolePages(ConnectorStore store, @Nullable DataSource database, int many, int flows)
      throws SQLException {
    FlowDirectory directory = flows(flows);
    runtime =
        ConnectorRuntime.builder()
            .connector(Tickets.CONNECTOR)
            .store(store, KeyRing.random())
            .flows(directory)
            .audit(AuditSettings.inStore())
            .build();
    app = Javalin.create(config -> config.showJavalinBanner = false).start("127.0.0.1", 0);
    address = URI.create("http://127.0.0.1:" + app.port() + "/console");
    Console.of(runtime, request -> visitor(request.header("Cookie")), address)
        .flows(directory)
        .addTo(app);
    Connection first = connect(0);
    if (database == null) {
      IntStream.range(1, many).forEach(this::connect);
    } else {
      copy(database, first, many);
    }
    name(first);
  }

  private static Principal user(int number) {
    return Principal.user("user-" + number);
  }

  private static FlowDirectory flows(int many) {
    return FlowDirectory.of(
        IntStream.range(0, many)
            .mapToObj(
                i ->
                    Flow.of("flow-" + i, user(i))
                        .runnableBy(user(i + 1))
                        .calling(DESK, Tickets.CONNECTION_NAME.id()))
            .toArray(Flow[]::new));
  }

  private static Optional<Visitor> visitor(@Nullable String cookie) {
    Principal root = Principal.user("root");
    Caller caller = "root".equals(cookie) ? root.in(IN) : user(0).in(IN);
    Visitor visitor = Visitor.of(caller, caller.principal().id(), "session of " + caller);
    return Optional.of(
        "root".equals(cookie) ? visitor.administering(Administrator.ofRuntime(root)) : visitor);
  }

  private Connection connect(int number) {
    Caller owner = user(number).in(IN);
    Connection made =
        runtime
            .connections()
            .create(
                owner,
                ConnectionSpec.of("tickets", "apiKey")
                    .secret("api_key", Secret.of(CannedService.KEY))
                    .untested());
    runtime.references().bind(owner, DESK, made.id());
    return made;
  }

  /** Copies the row of the first connection for other users, and what is bound to it. */
  private static void copy(DataSource database, Connection first, int many) throws SQLException {
    try (var connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      boolean isPostgres = connection.getMetaData().getDatabaseProductName().startsWith("Postgre");
      String numbers =
          isPostgres
              ? "generate_series(1, " + (many - 1) + ") AS s(n)"
              : "(SELECT X AS n FROM SYSTEM_RANGE(1, " + (many - 1) + ")) s";
      statement.execute(
          "INSERT INTO connector_connection (id, connector, environment, owner, display_name,"
              + " auth_option, parameters, status, status_since, created_at, updated_at, version)"
              + " SELECT 'copy-' || s.n, connector, environment, 'user:user-' || s.n, display_name,"
              + " auth_option, parameters, status, status_since, created_at, updated_at, version"
              + " FROM connector_connection c, "
              + numbers
              + " WHERE c.id = '"
              + first.id()
              + "'");
      statement.execute(
          "INSERT INTO connector_reference_binding (environment, principal, logical_name, source,"
              + " flow_owner, flow_id, connector, connection_id)"
              + " SELECT environment, 'user:user-' || s.n, logical_name, source, flow_owner,"
              + " flow_id, connector, 'copy-' || s.n FROM connector_reference_binding b, "
              + numbers
              + " WHERE b.connection_id = '"
              + first.id()
              + "'");
      statement.execute("ANALYZE");
    }
  }

  private void name(Connection first) {
    String of = "/administration/connections/" + first.id();
    for (String page :
        new String[] {
          "/flows",
          "/flows?after=flow-50",
          "/flows/flow-0",
          "/administration/connections",
          "/administration/connections?owner=user:user-0",
          "/administration/connections?connector=tickets",
          "/administration/connections?state=ERROR",
          of,
          of + "/hand-over",
          of + "/delete",
          "/administration/triggers",
          "/administration/policies",
          "/administration/policies/edit",
          "/administration/policies/explain?flow=flow-0",
          "/administration/gateways",
          "/administration/audit",
          "/administration/audit?connection=" + first.id()
        }) {
      pages.put("root " + page.replace(first.id().value(), "{id}"), page);
    }
    for (String page :
        new String[] {
          "",
          "/connections",
          "/connections/" + first.id(),
          "/connections/" + first.id() + "/delete",
          "/connectors",
          "/flows",
          "/flows/flow-0",
          "/flows/flow-0/sharing",
          "/flows/flow-0/connection?reference=desk",
          "/flows/flow-0/connection?reference=desk&connection=" + first.id()
        }) {
      pages.put("user " + page.replace(first.id().value(), "{id}"), page);
    }
  }

  /** Measures. */
  public static void main(String[] args) throws Exception {
    String kind = args.length == 0 ? "h2" : args[0];
    if (kind.equals("postgres")) {
      try (DurablePostgres one = DurablePostgres.start(10);
          DurablePostgres other = DurablePostgres.start(10)) {
        compare(in(one.pool(), FEW, FEW), in(other.pool(), CONNECTIONS, FLOWS));
      }
    } else if (kind.equals("h2")) {
      compare(
          in(JdbcConnectionPool.create("jdbc:h2:mem:few", "sa", ""), FEW, FEW),
          in(JdbcConnectionPool.create("jdbc:h2:mem:many", "sa", ""), CONNECTIONS, FLOWS));
    } else {
      compare(
          new ConsolePages(new InMemoryStore(), null, FEW, FEW),
          new ConsolePages(new InMemoryStore(), null, CONNECTIONS, FLOWS));
    }
  }

  private static ConsolePages in(DataSource database, int connections, int flows)
      throws SQLException {
    return new ConsolePages(JdbcStore.builder(database).build(), database, connections, flows);
  }

  private static void compare(ConsolePages few, ConsolePages many) throws Exception {
    double worst = 0;
    for (String page : few.pages.keySet()) {
      worst = Math.max(worst, tell(page, few, many, false));
    }
    worst = Math.max(worst, tell("root /administration/policies/edit", few, many, true));
    System.out.printf("at most %.2f times%n", worst);
    few.close();
    many.close();
  }

  private static double tell(String page, ConsolePages few, ConsolePages many, boolean isWhatIf)
      throws Exception {
    double[] of = new double[ROUNDS];
    double[] than = new double[ROUNDS];
    for (int i = -ROUNDS; i < ROUNDS; i++) {
      double one = few.millis(page, isWhatIf);
      double other = many.millis(page, isWhatIf);
      if (i >= 0) {
        of[i] = one;
        than[i] = other;
      }
    }
    Arrays.sort(of);
    Arrays.sort(than);
    double ratio = than[ROUNDS / 2] / of[ROUNDS / 2];
    System.out.printf(
        "%-75s %6.1f ms, %6.1f ms, %5.2f times%n",
        page + (isWhatIf ? ", what if" : ""), of[ROUNDS / 2], than[ROUNDS / 2], ratio);
    return ratio;
  }

  private double millis(String page, boolean isWhatIf) throws Exception {
    String who = page.substring(0, 4);
    URI uri = URI.create(address + pages.get(page));
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Cookie", who);
    if (isWhatIf) {
      Matcher token = TOKEN.matcher(send(request.GET().build()));
      token.find();
      request
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(
              BodyPublishers.ofString(
                  "form_token=" + token.group(1) + "&act=what-if/&json=" + encoded(BLOCKING)));
    }
    HttpRequest measured = request.build();
    long began = System.nanoTime();
    send(measured);
    return (System.nanoTime() - began) / 1e6;
  }

  private static String encoded(DataPolicy policy) {
    return URLEncoder.encode(policy.toJson(), StandardCharsets.UTF_8);
  }

  private String send(HttpRequest request) throws Exception {
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(
          request.uri() + " was answered with " + answer.statusCode() + ": " + answer.body());
    }
    return answer.body();
  }

  private void close() {
    app.stop();
    runtime.close();
  }
}
