package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.examples.mcp.AccessTokens;
import dev.connectorsdk.examples.mcp.ActionFilter;
import dev.connectorsdk.examples.mcp.LateTools;
import dev.connectorsdk.examples.mcp.OneSecret;
import dev.connectorsdk.examples.mcp.ToolServer;
import dev.connectorsdk.examples.mcp.ToolServlet;
import dev.connectorsdk.examples.mcp.ToolSet;
import dev.connectorsdk.examples.mcp.Tools;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "mcp",
    description = {
      "Serves actions as tools of agents, by the Model Context Protocol (MCP).",
      "",
      "An agent's program starts this command and talks to it over standard input and",
      "output, until it closes them. The tools use stored connections; what needs a",
      "confirmation is refused where the program cannot ask you. More than 128 actions",
      "are searched rather than listed."
    },
    footer = {
      "",
      "Examples:",
      "  connectors mcp connectors/rooms",
      "  connectors mcp connectors --effect read",
      "  connectors mcp connectors/desk --operation 'List*' --operation CloseTicket \\",
      "      --allow desk__CloseTicket",
      "  connectors mcp connectors/rooms --http 8080",
      "  connectors mcp connectors/rooms --http 8080 --issuer https://id.example \\",
      "      --keys https://id.example/keys --subject 248289761001"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class McpCommand extends TerminalCommand {

  private static final String FLOW = "mcp";
  private static final String AT = "/mcp";

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "A definition, or a folder of definitions.")
  private List<Path> folders;

  @Option(
      names = "--connector",
      paramLabel = "ID",
      description = "Serve the actions of this connector; repeat it for several.")
  private List<String> connectors = List.of();

  @Option(
      names = "--operation",
      paramLabel = "ID",
      description = "Serve this action; * stands for any text. Repeat it for several.")
  private List<String> operations = List.of();

  @Option(
      names = "--effect",
      paramLabel = "EFFECT",
      description = "Serve actions with this effect: ${COMPLETION-CANDIDATES}.")
  private List<Effect> effects = List.of();

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "Serve actions with this tag; repeat it for several.")
  private List<String> tags = List.of();

  @Option(
      names = "--allow",
      paramLabel = "TOOL",
      description = "Let this tool be called where nobody can be asked to confirm it.")
  private List<String> allowed = List.of();

  @Option(
      names = "--connection",
      paramLabel = "ID|NAME",
      description = "Use this stored connection, where there are several of a connector.")
  private List<String> connections = List.of();

  @Option(
      names = "--http",
      paramLabel = "PORT",
      description = "Serve over HTTP at this port of 127.0.0.1; 0 takes a free one.")
  private @Nullable Integer port;

  @Mixin private TokenOptions signIn;

  @Mixin private HomeOption home;

  McpCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    folders.forEach(DefinitionSource::requireFolder);
    if (port != null) {
      FreePort.check("--http", port);
    }
    if (signIn.areGiven()) {
      signIn.check();
      if (port == null) {
        throw new UsageException("tokens are taken over HTTP alone: give a port with --http");
      }
    }
    boolean isSearched = isSearchedInAnyCase();
    int mostListed = isSearched ? 0 : Tools.MOST_LISTED;
    try (ServedTools served =
        new ServedTools(
            folders,
            home.folder(),
            (runtime, catalogue) -> tools(runtime, catalogue, mostListed))) {
      serve(isSearched ? LateTools.of(() -> opened(served)) : served.open());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ExitCode.OK;
  }

  /** Who started this is told, too, what a call answers. */
  private Tools opened(ServedTools served) {
    try {
      return served.open();
    } catch (UsageException | FailedException e) {
      hint(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /** With so many definitions nothing has to be read to know that their actions are searched. */
  private boolean isSearchedInAnyCase() throws IOException {
    boolean isChosen =
        Stream.of(connectors, operations, effects, tags, allowed, connections)
            .anyMatch(chosen -> !chosen.isEmpty());
    return !isChosen && ServedTools.definitions(folders) > Tools.MOST_LISTED;
  }

  private Tools tools(ConnectorRuntime runtime, DefinitionCatalogue catalogue, int mostListed) {
    try {
      ActionFilter filter =
          ActionFilter.all()
              .connectors(connectors.toArray(String[]::new))
              .operations(operations.toArray(String[]::new))
              .effects(effects.toArray(Effect[]::new))
              .tags(tags.toArray(String[]::new));
      Tools tools =
          Tools.of(runtime, Home.me().environment(), Flow.of(FLOW, Home.me().principal()))
              .choosing(filter)
              .catalogue(catalogue)
              .listingAtMost(mostListed)
              .allowing(allowed.toArray(String[]::new))
              .signIns(new TerminalLinks(runtime))
              .build();
      bind(runtime, tools);
      return tools;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** Binds what is chosen for this start, in place of what an earlier one has chosen. */
  private void bind(ConnectorRuntime runtime, Tools tools) {
    List<Connection> stored = runtime.connections().list(Home.me());
    Map<ConnectorId, Connection> chosen = new LinkedHashMap<>();
    for (String name : connections) {
      Connection named = Home.named(name, stored);
      if (chosen.put(named.connector(), named) != null) {
        throw new UsageException(
            "--connection names two connections to '" + named.connector() + "': choose one");
      }
    }
    Caller me = Home.me().running(tools.flow());
    Set<ConnectorId> connected =
        stored.stream().map(Connection::connector).collect(Collectors.toSet());
    tools.flow().references().stream()
        .filter(own -> connected.contains(own.connector()))
        .forEach(own -> runtime.references().unbind(me, own));
    chosen.forEach(
        (connector, named) -> {
          ConnectionReference own = ConnectionReference.invoker(connector.value(), connector);
          runtime.references().bind(me, own, named.id());
        });
  }

  private void serve(ToolSet tools) throws InterruptedException {
    if (port == null) {
      overStreams(tools);
    } else {
      overHttp(tools, port);
    }
  }

  /** Whatever prints meanwhile, the output has nothing but messages. */
  private void overStreams(ToolSet tools) throws InterruptedException {
    PrintStream before = System.out;
    System.setOut(System.err);
    try {
      Principal me = Home.me().principal();
      ToolServer.serve(tools, me, terminal().in(), terminal().out());
    } finally {
      System.setOut(before);
    }
  }

  private void overHttp(ToolSet tools, int port) throws InterruptedException {
    int free = port == 0 ? FreePort.onLoopback() : port;
    URI address = signIn.address(URI.create("http://127.0.0.1:" + free + AT));
    Principal me = Home.me().principal();
    OneSecret secret = signIn.areGiven() ? null : OneSecret.of(me);
    ToolServlet servlet =
        servlet(tools, address, secret == null ? signIn.tokens(address, me) : secret);
    Server server = server(servlet, free);
    CountDownLatch ended = new CountDownLatch(1);
    Goodbye goodbye = Goodbye.beginning(ended::countDown);
    try {
      start(server);
      say("Address:       " + address);
      if (secret != null) {
        say("Authorization: Bearer " + secret.secret().reveal());
      }
      hint("Serving tools at port " + free + " of 127.0.0.1. Ctrl+C ends it.");
      ended.await();
    } finally {
      stop(server);
      goodbye.end();
    }
  }

  private static ToolServlet servlet(ToolSet tools, URI address, AccessTokens tokens) {
    try {
      return ToolServlet.of(tools, address, tokens);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--public-url: " + e.getMessage());
    }
  }

  private static Server server(ToolServlet servlet, int port) {
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    ServletContextHandler handler = new ServletContextHandler();
    handler.addServlet(holder, servlet.path());
    handler.addServlet(holder, servlet.metadataPath());
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(handler);
    return server;
  }

  private static void start(Server server) {
    try {
      server.start();
    } catch (Exception e) { // Jetty declares no other
      throw new FailedException("nothing can be served at this port: " + e.getMessage());
    }
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) { // Jetty declares no other
      throw new FailedException("the server did not stop: " + e.getMessage());
    }
  }
}
