package dev.connectorsdk.examples.demo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Priority;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.TicketQuery;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.reference.DeploymentSettings;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.trigger.SubscriptionSpec;
import dev.connectorsdk.trigger.Triggers;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The tour, step by step. Ada owns a flow that reads the team's tickets, looks for a room, and
 * opens a ticket in the name of the user who runs it. Ben may run it.
 */
final class Tour {

  private static final ConnectionReference TEAM =
      ConnectionReference.embedded("team-desk", "helpdesk");
  private static final ConnectionReference ROOMS = ConnectionReference.embedded("house", "rooms");
  private static final ConnectionReference MINE =
      ConnectionReference.invoker("my-desk", "helpdesk");

  private static final Principal ADA = Principal.user("ada");
  private static final Principal BEN = Principal.user("ben");
  private static final Flow FLOW =
      Flow.of("morning-report", ADA).runnableBy(BEN).using(TEAM, ROOMS, MINE);

  private static final Flow ALARM = Flow.of("ticket-alarm", ADA).using(TEAM);

  private static final Environment DEV = Environment.of("dev");
  private static final Environment PROD = Environment.of("prod");

  private final DemoService service;
  private final MovableClock clock;
  private final Path folder;
  private final PrintStream out;

  Tour(DemoService service, MovableClock clock, Path folder, PrintStream out) {
    this.service = service;
    this.clock = clock;
    this.folder = folder;
    this.out = out;
  }

  void run() throws IOException {
    say("Two services run on 127.0.0.1:%d: a help desk, and a house with rooms.", service.port());
    say("One flow uses both. Ada owns it, Ben may run it, in two environments: dev and prod.");
    Connector rooms = DemoRooms.connector(service.port());
    FlowDirectory flows = FlowDirectory.of(FLOW, ALARM);
    try (Host host = Host.start(folder, rooms, clock, service.site("dev"), flows)) {
      ConnectorRuntime runtime = host.runtime();
      waysToAuthenticate(runtime);
      readinessAndRefusal(runtime);
      signIn(runtime);
      oneFlow(runtime);
      trigger(host);
      moveToProd(runtime);
      expiry(runtime);
    }
    try (Host host = Host.start(folder, rooms, clock, service.site("dev"), flows)) {
      restart(host);
    }
    whoMayUseWhat(rooms);
    say("%nThat was all: nothing keeps running, nothing stays on disk. Next: README.md.");
  }

  private void waysToAuthenticate(ConnectorRuntime runtime) {
    title("Connections: Ada makes one for each way to authenticate, and each is tested");
    Caller ada = ADA.in(DEV);
    Secret password = Secret.of(DemoService.PASSWORD);
    connect(runtime, ada, helpdesk("none", DEV));
    connect(
        runtime, ada, helpdesk("basic", DEV).with("username", "ada").secret("password", password));
    connect(runtime, ada, team(DEV));
    connect(
        runtime,
        ada,
        helpdesk("bearer", DEV).secret("token", Secret.of(DemoService.PERSONAL_TOKEN)));
    connect(
        runtime,
        ada,
        helpdesk("app", DEV)
            .with("client_id", "demo")
            .secret("client_secret", Secret.of(DemoService.CLIENT_SECRET)));
    connect(
        runtime,
        ada,
        helpdesk("session", DEV).with("username", "ada").secret("password", password));
  }

  private void readinessAndRefusal(ConnectorRuntime runtime) {
    title("References: what is missing before the flow can run, and what to do about it");
    Caller ada = ADA.in(DEV).running(FLOW);
    Connection house = runtime.connections().create(ada, house());
    runtime.references().bind(ada, TEAM, connectionWith(runtime, ada, "apiKey").id());
    runtime.references().bind(ada, ROOMS, house.id());
    readiness(runtime, ada);
    readiness(runtime, BEN.in(DEV).running(FLOW));

    title("Ada runs the flow all the same: the library does not guess, and says why");
    try {
      flow(runtime, ada);
    } catch (ResolutionException e) {
      say("  Reference '%s' for %s:", e.reference().logicalName(), e.caller());
      for (ResolutionException.Candidate candidate : e.trail()) {
        say("    %s", candidate.verdict());
      }
      say("  What to do: %s", e.remedy());
    }
    runtime.references().bind(ada, MINE, connectionWith(runtime, ada, "bearer").id());
    say("  Ada chooses the one with the bearer token.");
  }

  private void signIn(ConnectorRuntime runtime) throws IOException {
    title("Sign-in: Ben connects his own account (OAuth 2.0, authorization code with PKCE)");
    Caller ben = BEN.in(DEV);
    PendingConsent pending = runtime.consents().begin(ben, helpdesk("signIn", DEV), "bens-session");
    say("  begin:    %s", runtime.connections().get(ben, pending.connection()).status());
    URI requested = Browser.redirectedFrom(pending.authorizationUrl());
    Connection connection =
        runtime.consents().complete(BEN, requested, "bens-session").connection();
    say("  complete: %s as %s", connection.status(), account(connection));
  }

  private void oneFlow(ConnectorRuntime runtime) {
    title("The flow runs in dev: the team's tickets are the same, the new ticket is the caller's");
    flow(runtime, ADA.in(DEV).running(FLOW));
    flow(runtime, BEN.in(DEV).running(FLOW));
  }

  private void trigger(Host host) {
    title(
        "A trigger: a second flow of Ada's, the ticket alarm, hears of each ticket that is opened");
    ConnectorRuntime runtime = host.runtime();
    SubscriptionSpec opened =
        SubscriptionSpec.of(TEAM, Helpdesk.TICKET_OPENED, Nothing.NOTHING, "alarm")
            .starting(new Start.All())
            .inOrder();
    runtime.triggers().subscribe(ADA.in(DEV).running(ALARM), opened);
    say("  There already: %s", alarm(host));
    say("  There already: %s", alarm(host));
    flow(runtime, BEN.in(DEV).running(FLOW));
    say("  New:           %s", alarm(host));
  }

  /** Returns the next ticket that the alarm hears of; has it ask now rather than in 3 minutes. */
  private static String alarm(Host host) {
    Caller ada = ADA.in(DEV).running(ALARM);
    Triggers triggers = host.runtime().triggers();
    try {
      String title = host.alarms().poll();
      while (title == null) {
        triggers.list(ada).forEach(alarm -> triggers.pollNow(ada, alarm.id()));
        title = host.alarms().poll(1, TimeUnit.SECONDS);
      }
      return title;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  private void moveToProd(ConnectorRuntime runtime) throws IOException {
    title("The same flow in prod: a settings file names other connections, the code is the same");
    Caller ada = ADA.in(PROD).running(FLOW);
    Connection desk = runtime.connections().create(ada, team(PROD));
    Connection house = runtime.connections().create(ada, house());
    String settings =
        runtime
            .references()
            .export(ADA.in(DEV).running(FLOW))
            .toJson()
            .replace(boundInDev(runtime, TEAM), desk.id().value())
            .replace(boundInDev(runtime, ROOMS), house.id().value());
    Path file = Files.writeString(folder.resolve("prod.settings.json"), settings);
    Files.readAllLines(file).forEach(line -> say("  | %s", line));
    runtime.references().apply(ada, DeploymentSettings.load(file), FLOW.references());

    Caller ben = BEN.in(PROD).running(FLOW);
    readiness(runtime, ben);
    ConnectionSpec own = helpdesk("basic", PROD).with("username", "ben");
    connect(runtime, ben, own.secret("password", Secret.of(DemoService.PASSWORD)));
    flow(runtime, ben);
  }

  private static String boundInDev(ConnectorRuntime runtime, ConnectionReference reference) {
    return runtime.references().binding(ADA.in(DEV), reference).orElseThrow().value();
  }

  private void expiry(ConnectorRuntime runtime) {
    title("Two hours later: Ben's access token has expired, and the help desk forgot its sessions");
    clock.advance(Duration.ofHours(2));
    service.forgetSessions();
    Caller ben = BEN.in(DEV).running(FLOW);
    flow(runtime, ben);
    flow(runtime, ben);
    say("  Two runs, one refresh. Grants so far: %s", service.grants());
    Connection session = connectionWith(runtime, ADA.in(DEV), "session");
    say(
        "  Ada's session, renewed in passing: %s",
        runtime.connections().test(ADA.in(DEV), session.id()).outcome());
  }

  private void restart(Host host) throws IOException {
    ConnectorRuntime runtime = host.runtime();
    title("After a restart: the connections are still there, and nobody signs in again");
    say("  Ada in dev has %d connections.", runtime.connections().list(ADA.in(DEV)).size());
    flow(runtime, BEN.in(DEV).running(FLOW));
    clock.advance(Duration.ofHours(2));
    flow(runtime, BEN.in(DEV).running(FLOW));
    flow(runtime, BEN.in(PROD).running(FLOW));
    say("  The alarm goes on as well: %s", alarm(host));
    say("  Secrets that the database file shows: %d of %d", readable(), secrets().size());
  }

  private void whoMayUseWhat(Connector rooms) {
    title("Who may use what: three users, two environments, two policies");
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder()
            .discover(Tour.class.getClassLoader())
            .addressPolicy(AddressPolicy.allowAll())
            .connector(rooms)
            .build()) {
      new WhoMayUseWhat(
              runtime,
              (connector, environment) -> connector.equals("rooms") ? house() : team(environment),
              out)
          .run();
    }
  }

  /** The flow. It names references and neither connections nor environments nor credentials. */
  private void flow(ConnectorRuntime runtime, Caller caller) {
    List<Ticket> open =
        runtime.invoke(caller, TEAM, Helpdesk.LIST_TICKETS, new TicketQuery("open", 50));
    JsonNode free = runtime.invoke(caller, ROOMS, "FindRooms", Map.of("floor", 2));
    String room = free.at("/body/0/name").asString();
    Ticket opened =
        runtime.invoke(
            caller, MINE, Helpdesk.OPEN_TICKET, new NewTicket("Meet in " + room, Priority.LOW));
    say("  %s: %d open tickets; new: %s", caller, open.size(), opened.title());
  }

  private void connect(ConnectorRuntime runtime, Caller caller, ConnectionSpec spec) {
    Connection connection = runtime.connections().create(caller, spec);
    say("  %-8s %s as %s", spec.authOption(), connection.status(), account(connection));
  }

  private static String account(Connection connection) {
    var account = connection.account();
    return account == null ? "nobody" : account.label();
  }

  private void readiness(ConnectorRuntime runtime, Caller caller) {
    say("  %s", caller);
    runtime
        .references()
        .readiness(caller)
        .forEach(r -> say("    %-9s %s", r.reference().logicalName(), describe(r)));
  }

  private static String describe(ReferenceReadiness readiness) {
    return readiness.isReady() ? "READY" : readiness.state() + ": " + readiness.remedy();
  }

  private static Connection connectionWith(ConnectorRuntime runtime, Caller caller, String option) {
    return runtime.connections().list(caller).stream()
        .filter(connection -> connection.connector().value().equals("helpdesk"))
        .filter(connection -> connection.authOption().equals(option))
        .findFirst()
        .orElseThrow();
  }

  private ConnectionSpec helpdesk(String option, Environment environment) {
    return ConnectionSpec.of("helpdesk", option)
        .with("site", service.site(environment.name()))
        .named(option + " in " + environment);
  }

  private ConnectionSpec team(Environment environment) {
    return helpdesk("apiKey", environment).secret("api_key", Secret.of(DemoService.API_KEY));
  }

  private static ConnectionSpec house() {
    return ConnectionSpec.of("rooms", "apiKey").secret("api_key", Secret.of(DemoService.ROOMS_KEY));
  }

  private List<String> secrets() {
    List<String> secrets = new ArrayList<>(service.issued());
    secrets.add(DemoService.PASSWORD);
    secrets.add(DemoService.API_KEY);
    secrets.add(DemoService.PERSONAL_TOKEN);
    secrets.add(DemoService.CLIENT_SECRET);
    secrets.add(DemoService.ROOMS_KEY);
    return secrets;
  }

  private long readable() throws IOException {
    StringBuilder stored = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".db")).toList()) {
        stored.append(Files.readString(file, ISO_8859_1));
      }
    }
    return secrets().stream().filter(secret -> stored.indexOf(secret) >= 0).count();
  }

  private void title(String text) {
    say("%n%s", text);
  }

  private void say(String format, Object... arguments) {
    out.printf(format + "%n", arguments);
  }
}
