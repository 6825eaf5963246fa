package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.connection.ConnectionUsage;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "connections",
    description = "Lists the stored connections, or deletes some.",
    synopsisSubcommandLabel = "[COMMAND]",
    subcommandsRepeatable = false,
    footer = {
      "",
      "Examples:",
      "  connectors connections",
      "  connectors connections --json | jq -r '.[].id'",
      "  connectors connections delete 0f3e",
      "  connectors connections usage world.json CRM"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConnectionsCommand extends DataCommand {

  @Mixin private HomeOption home;

  ConnectionsCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    if (!Home.exists(home.folder())) {
      if (isJson()) {
        print(Json.array());
      } else {
        say("no connections in " + home.folder());
      }
      return ExitCode.OK;
    }
    try (Home open = home.open();
        ConnectorRuntime runtime = open.bare()) {
      List<Connection> all = runtime.connections().list(Home.me());
      if (isJson()) {
        ArrayNode json = Json.array();
        all.forEach(c -> json.add(ConnectionInfo.toJson(c, open.status(c), open.origin(c.id()))));
        print(json);
        return ExitCode.OK;
      }
      if (all.isEmpty()) {
        say("no connections in " + home.folder());
      }
      Table table = Table.of("ID", "NAME", "CONNECTOR", "OWNER", "ACCOUNT", "EXPIRES", "STATUS");
      for (Connection connection : all) {
        var end = connection.credentialExpiresAt();
        table.row(
            shortId(connection, all),
            connection.displayName(),
            connection.connector() + " (" + connection.authOption() + ")",
            connection.owner().id(),
            ConnectionInfo.account(connection),
            end == null ? "-" : end.toString(),
            ConnectionInfo.status(open.status(connection)));
      }
      table.print(terminal());
      return ExitCode.OK;
    }
  }

  /** Eight characters are enough to name one, unless two begin alike. */
  static String shortId(Connection connection, List<Connection> all) {
    String id = connection.id().value();
    String start = id.length() > 8 ? id.substring(0, 8) : id;
    boolean isUnique = all.stream().filter(c -> c.id().value().startsWith(start)).count() == 1;
    return isUnique ? start : id;
  }

  @Command(
      name = "delete",
      description = "Deletes connections with their secrets; what can be revoked is revoked.")
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Delete extends DataCommand {

    @Parameters(arity = "1..*", paramLabel = "ID|NAME", description = "Which ones.")
    private List<String> names;

    @Mixin private HomeOption home;

    Delete(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() throws IOException {
      if (!Home.exists(home.folder())) {
        throw new UsageException("no connections in " + home.folder());
      }
      ArrayNode deleted = Json.array();
      try (Home open = home.open()) {
        List<Connection> chosen = chosen(open);
        for (Connection connection : chosen) {
          delete(open, connection);
          deleted.add(connection.id().value());
          if (!isJson()) {
            say("deleted " + connection.id() + " (" + connection.displayName() + ")");
          }
        }
      }
      if (isJson()) {
        print(deleted);
      }
      return ExitCode.OK;
    }

    /** All are found before the first is deleted. */
    private List<Connection> chosen(Home open) {
      try (ConnectorRuntime runtime = open.bare()) {
        List<Connection> all = runtime.connections().list(Home.me());
        return names.stream().map(name -> Home.named(name, all)).distinct().toList();
      }
    }

    private static void delete(Home open, Connection connection) throws IOException {
      try (ConnectorRuntime runtime = runtime(open, connection)) {
        runtime.connections().delete(Home.me(), connection.id());
      }
      open.forget(connection.id());
    }

    /** With its connector, if that is still there, so that the service can be told. */
    private static ConnectorRuntime runtime(Home open, Connection connection) {
      Home.Origin origin = open.origin(connection.id());
      if (origin == null || !Files.isDirectory(origin.definition().folder())) {
        return open.bare();
      }
      try {
        return open.runtime(origin.connector(connection.connector()), connection).build();
      } catch (DefinitionException | UsageException e) {
        return open.bare();
      }
    }
  }

  @Command(
      name = "usage",
      description = {
        "Says what uses a connection, and would stop or change with it.",
        "",
        "Flows and connections are one JSON file; see: connectors help share"
      })
  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  static final class Usage extends DataCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "Flows and connections.")
    private Path file;

    @Parameters(index = "1", paramLabel = "NAME", description = "Which connection.")
    private String name;

    Usage(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      try (World world = World.read(file, DefinitionCatalogue.load())) {
        var me = Administrator.of(Principal.user("me"), world.environment());
        ConnectionUsage usage =
            world.runtime().connections().usage(me, world.connection(name).id());
        if (isJson()) {
          ObjectNode json = Json.object();
          usage.references().forEach(json.putArray("references")::add);
          json.put("otherReferences", usage.otherReferences());
          usage.flows().forEach(json.putArray("flows")::add);
          print(json);
        } else {
          say("references: " + names(usage.references()));
          say("references of others: " + usage.otherReferences());
          say("flows: " + names(usage.flows()));
        }
        return ExitCode.OK;
      }
    }

    private static String names(List<String> some) {
      return some.isEmpty() ? "none" : String.join(", ", some);
    }
  }
}
