package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionTestResult;
import dev.connectorsdk.connection.ConnectionTestResult.Outcome;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;

@Command(
    name = "test",
    description = {
      "Asks the services whether stored connections work: those that are named, or all.",
      "",
      "Ends with code 1 if one does not."
    },
    footer = {"", "Examples:", "  connectors test", "  connectors test house --json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TestCommand extends DataCommand {

  @Parameters(arity = "0..*", paramLabel = "ID|NAME", description = "Which connections.")
  private List<String> names = new ArrayList<>();

  @Mixin private HomeOption home;

  TestCommand(Terminal terminal) {
    super(terminal);
  }

  /** What came of the test of one connection. */
  private record Tested(Connection connection, String outcome, boolean works, String problem) {}

  @Override
  public Integer call() throws IOException {
    if (!Home.exists(home.folder())) {
      throw new UsageException("no connections in " + home.folder());
    }
    List<Tested> tested = new ArrayList<>();
    try (Home open = home.open()) {
      List<Connection> chosen = chosen(open);
      if (chosen.isEmpty()) {
        throw new UsageException("no connections in " + home.folder());
      }
      for (Connection connection : Progress.over(chosen, "Testing", terminal())) {
        hide(open.secrets(connection.id()));
        tested.add(test(open, connection));
      }
    }
    if (isJson()) {
      ArrayNode json = Json.array();
      for (Tested one : tested) {
        json.addObject()
            .put("id", one.connection().id().value())
            .put("name", one.connection().displayName())
            .put("outcome", one.outcome())
            .put("works", one.works())
            .put("problem", one.problem().isEmpty() ? null : one.problem());
      }
      print(json);
    } else {
      Table table = Table.of("ID", "NAME", "OUTCOME", "PROBLEM");
      List<Connection> all = tested.stream().map(Tested::connection).toList();
      for (Tested one : tested) {
        table.row(
            ConnectionsCommand.shortId(one.connection(), all),
            one.connection().displayName(),
            one.outcome(),
            one.problem());
      }
      table.print(terminal());
    }
    return tested.stream().allMatch(Tested::works) ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private List<Connection> chosen(Home open) {
    try (ConnectorRuntime runtime = open.bare()) {
      List<Connection> all = runtime.connections().list(Home.me());
      return names.isEmpty()
          ? all
          : names.stream().map(name -> Home.named(name, all)).distinct().toList();
    }
  }

  private Tested test(Home open, Connection connection) {
    try {
      Connector connector = connector(open.origin(connection.id()), connection);
      try (ConnectorRuntime runtime = open.runtime(connector, connection).build()) {
        ConnectionTestResult result = runtime.connections().test(Home.me(), connection.id());
        boolean works = result.outcome() == Outcome.OK || result.outcome() == Outcome.NO_TEST;
        String problem = result.problem() == null ? "" : mask().hide(result.problem());
        return new Tested(connection, result.outcome().name(), works, problem);
      }
    } catch (ConnectorException | UsageException e) {
      String problem = mask().hide(String.valueOf(e.getMessage()));
      return new Tested(connection, Outcome.FAILED.name(), false, problem);
    }
  }

  private static Connector connector(Home.@Nullable Origin origin, Connection connection) {
    if (origin == null || !Files.isDirectory(origin.definition().folder())) {
      throw new UsageException("its definition is no longer where it was");
    }
    return origin.connector(connection.connector());
  }
}
