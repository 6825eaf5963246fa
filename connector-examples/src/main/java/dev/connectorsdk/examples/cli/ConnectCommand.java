package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionReport;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "connect",
    description = {
      "Makes a connection, tests it, and keeps it with its secrets encrypted.",
      "",
      "At a terminal you are asked for what is missing. For an option with a sign-in you",
      "open a link in a browser on this machine; register the redirect URI",
      "http://127.0.0.1/callback/CONNECTOR, any port, with your OAuth client.",
      "Ends with code 1 if the service does not accept the connection, which is kept."
    },
    footer = {
      "",
      "Examples:",
      "  connectors connect connectors/rooms",
      "  connectors connect connectors/rooms --connect api_key=@key.txt --name house",
      "  connectors connect connectors/mail --client-id 123 \\",
      "      --client-secret env:MAIL_SECRET",
      "  connectors connect connectors/mail --client-id 123 --client-key @key.pem",
      "  connectors connect connectors/bank --connect pfx=@client.pfx"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConnectCommand extends DataCommand {

  @Parameters(paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Mixin private OverlayOption overlay;

  @Mixin private ServiceOptions service;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call the connection (default: the account's or connector's name).")
  private @Nullable String name;

  @Option(names = "--no-test", description = "Do not run the connector's test.")
  private boolean untested;

  @Mixin private HomeOption home;

  ConnectCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    DefinitionSource source = overlay.of(folder, service.baseUrl());
    Definition definition = source.load();
    Connector connector = definition.connector();
    Given given = new Given(terminal());
    var entered = given.values(service.connect());
    hide(entered.values());
    ClientRegistration client = service.client(given);
    ConnectionForm form = ConnectionForm.of(connector, service.auth(), entered, client != null);
    boolean signIn = form.option().scheme().needsConsent();
    if (signIn && client == null) {
      throw new UsageException(
          "auth option '" + form.option().id() + "' needs your OAuth client: --client-id ID");
    }
    form.complete(given);
    hideOnly(form.secrets());
    client = client == null ? null : form.sentToOwnEndpoints(client);
    hide(ServiceOptions.secrets(client));
    try (Home open = home.open()) {
      RuntimeBuilder builder = open.runtime().connector(connector);
      if (client != null) {
        builder.client(connector.id().value(), form.option().id(), client);
      }
      Connection connection;
      try (ConnectorRuntime runtime = builder.build()) {
        ConnectionSpec spec = name == null ? form.spec() : form.spec().named(name);
        connection =
            signIn
                ? SignIn.run(runtime, form.option(), spec, terminal().err())
                : runtime.connections().create(Home.me(), untested ? spec.untested() : spec);
        open.remember(connection.id(), new Home.Origin(source, client));
      }
      DefinitionReport.Auth auth = definition.report().authOption(form.option().id()).orElseThrow();
      return report(connection, open, auth, connector.connectionTest().isPresent() && !untested);
    }
  }

  private int report(Connection connection, Home open, DefinitionReport.Auth auth, boolean tested) {
    String notes = AuthNotes.of(auth);
    if (isJson()) {
      ObjectNode json =
          ConnectionInfo.toJson(connection, connection.status(), open.origin(connection.id()));
      AuthNotes.write(auth, json);
      print(json);
    } else {
      Table table = Table.plain("");
      table.row("connection", connection.id().value());
      table.row("name", connection.displayName());
      table.row("connector", connection.connector().value() + ", " + connection.authOption());
      if (!notes.isEmpty()) {
        table.row("note", notes);
      }
      table.row("account", ConnectionInfo.account(connection));
      table.row(
          "status",
          ConnectionInfo.status(connection.status())
              + (connection.status().isConnected() && !tested ? " (not tested)" : ""));
      table.print(terminal());
    }
    if (connection.status().isConnected()) {
      return ExitCode.OK;
    }
    throw new FailedException(
        "the connection is stored but not ready; try: connectors test "
            + connection.id()
            + ", or connectors connections delete "
            + connection.id());
  }
}
