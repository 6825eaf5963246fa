package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "call",
    description = {
      "Calls an operation and prints the body of the answer.",
      "",
      "It authenticates with what --connect gives, else with --connection, else with",
      "the only stored connection of this connector, else not at all."
    },
    footer = {
      "",
      "Examples:",
      "  connectors call connectors/rooms FindRooms --param floor=2 \\",
      "      --connect api_key=env:ROOMS_KEY",
      "  connectors call connectors/rooms BookRoom --param room=Ada \\",
      "      --param booking/purpose=Lunch --dry-run",
      "  connectors call connectors/rooms BookRoom --input booking.json \\",
      "      --connection rooms --base-url http://localhost:8080/rooms",
      "  echo '{\"floor\": 2}' | connectors call connectors/rooms FindRooms --input -"
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CallCommand extends DataCommand {

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the definition.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "OPERATION", description = "The operation's id.")
  private String operationId;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "NAME=VALUE",
      description =
          "A parameter, read by its type: a number, true, JSON, text. Repeat it for the elements"
              + " of an array. body/address/city is a value within the body.")
  private List<String> parameters = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "NAME=FILE",
      description = "A parameter whose value is in a file: text, JSON or any bytes.")
  private List<String> files = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "The whole input as a JSON object; - reads the standard input.")
  private @Nullable String input;

  @Mixin private ServiceOptions service;

  @Option(
      names = "--connection",
      paramLabel = "ID|NAME",
      description = "A stored connection, by its id, the beginning of it, or its name.")
  private @Nullable String connection;

  @Mixin private HomeOption home;

  @Option(
      names = {"-n", "--dry-run"},
      description = "Print the request, secrets masked, and send nothing.")
  private boolean dryRun;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long the call may take (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Write the body to this file; files and other bytes as they are.")
  private @Nullable Path output;

  CallCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() throws IOException {
    if (service.saysHow() && connection != null) {
      throw new UsageException("--connection does not go with --connect or --auth");
    }
    if (timeout < 1) {
      throw new UsageException("--timeout must be at least 1");
    }
    Definition definition = load(folder, service.baseUrl());
    OperationInfo operation = OperationInfo.named(definition, operationId);
    if (!operation.isSupported() || operation.action() == null) {
      throw new FailedException(
          "operation '"
              + operation.id()
              + "' cannot be called: "
              + (operation.isSupported() ? "it is a trigger" : operation.whyNot()));
    }
    Connector connector = definition.connector();
    CallInput given = input(operation);
    Given values = new Given(terminal());
    boolean mayBeStored = !service.saysHow() && Home.exists(home.folder());
    if (connection != null && !mayBeStored) {
      throw new UsageException("no connection '" + connection + "'; see: connectors help connect");
    }
    try (Home open = mayBeStored ? home.open() : null) {
      Connection stored = open == null ? null : stored(open, connector);
      if (open != null && stored != null) {
        onStored(open, stored, connector, operation, given);
      } else {
        onGiven(connector, operation, given, values);
      }
    }
    return ExitCode.OK;
  }

  private CallInput input(OperationInfo operation) throws IOException {
    ObjectNode whole = input == null ? Json.object() : CallInput.read(input, terminal());
    CallInput given = new CallInput(operation, operation.input(), whole);
    parameters.forEach(given::parameter);
    files.forEach(given::file);
    hide(given.secrets());
    return given;
  }

  /** Returns the connection that was named, or the only one, or {@code null} if there is none. */
  private @Nullable Connection stored(Home open, Connector connector) {
    List<Connection> all;
    try (ConnectorRuntime runtime = open.bare()) {
      all = runtime.connections().list(Home.me());
    }
    List<Connection> fitting =
        all.stream().filter(c -> c.connector().equals(connector.id())).toList();
    if (connection != null) {
      Connection named = Home.named(connection, all);
      if (!fitting.contains(named)) {
        throw new UsageException(
            "connection '" + connection + "' is of connector '" + named.connector() + "'");
      }
      return named;
    }
    if (fitting.size() > 1) {
      throw new UsageException(
          "there are "
              + fitting.size()
              + " connections of connector '"
              + connector.id()
              + "': choose one with --connection");
    }
    return fitting.isEmpty() ? null : fitting.get(0);
  }

  private void onStored(
      Home open, Connection stored, Connector declared, OperationInfo operation, CallInput given)
      throws IOException {
    Home.Origin origin = open.origin(stored.id());
    Connector connector =
        service.baseUrl() == null && origin != null && origin.baseUrl() != null
            ? load(folder, origin.baseUrl()).connector()
            : declared;
    hide(given.secrets());
    hide(open.secrets(stored.id()));
    if (dryRun) {
      show(new DryRun(connector, operation.id(), given.input()).with(open, stored));
      return;
    }
    ConnectionReference reference =
        ConnectionReference.invoker("cli-" + stored.id(), connector.id().value());
    try (ConnectorRuntime runtime = open.runtime(connector, stored)) {
      runtime.references().bind(Home.me(), reference, stored.id());
      show(runtime.invoke(Home.me(), reference, operation.id(), given.input(), options()));
    }
  }

  private void onGiven(Connector connector, OperationInfo operation, CallInput given, Given values)
      throws IOException {
    var entered = values.values(service.connect());
    hide(entered.values());
    ClientRegistration client = service.client(values);
    ConnectionForm form = ConnectionForm.of(connector, service.auth(), entered, false);
    if (dryRun) {
      form.completeForShow();
    } else {
      if (form.option().scheme().needsConsent()) {
        throw new UsageException(
            "auth option '"
                + form.option().id()
                + "' needs a sign-in; make a connection first: connectors connect "
                + folder);
      }
      form.complete(values);
    }
    hideOnly(form.secrets());
    hide(given.secrets());
    if (dryRun) {
      ClientRegistration any = client == null ? DryRun.anyClient() : client;
      hide(any.clientSecret() == null ? List.of() : List.of(any.clientSecret()));
      hide(List.of(DryNetwork.TOKEN));
      show(new DryRun(connector, operation.id(), given.input()).with(form, any));
      return;
    }
    ConnectionReference reference = ConnectionReference.invoker("cli", connector.id().value());
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().connector(connector).build()) {
      runtime.connections().create(Home.me(), form.spec().untested());
      show(runtime.invoke(Home.me(), reference, operation.id(), given.input(), options()));
    }
  }

  private CallOptions options() {
    return CallOptions.standard().within(Duration.ofSeconds(timeout));
  }

  private void show(Request request) {
    ShownRequest shown = new ShownRequest(request, mask());
    if (isJson()) {
      print(shown.toJson());
    } else {
      terminal().out().print(shown.toText());
    }
  }

  private void show(JsonNode answer) throws IOException {
    JsonNode body = answer.path("body");
    if (output != null) {
      byte[] content = AnswerBody.bytes(body);
      Files.write(output, content);
      hint(content.length + " bytes written to " + output);
      if (isJson()) {
        ((ObjectNode) answer).remove("body");
      } else {
        return;
      }
    }
    if (isJson()) {
      print(answer);
      return;
    }
    AnswerBody.print(body, terminal());
  }
}
