package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/**
 * A command about one operation that asks its service. It authenticates with what {@code --connect}
 * gives, else with {@code --connection}, else with the only stored connection of the connector,
 * else not at all.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class ConnectedCommand extends DataCommand {

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

  @Mixin private OverlayOption overlay;

  @Mixin private ServiceOptions service;

  @Option(
      names = "--connection",
      paramLabel = "ID|NAME",
      description = "A stored connection, by its id, the beginning of it, or its name.")
  private @Nullable String connection;

  @Mixin private HomeOption home;

  ConnectedCommand(Terminal terminal) {
    super(terminal);
  }

  /** What a command asks for. */
  record Asked(Connector connector, OperationInfo operation, CallInput given) {}

  /** Refuses what does not fit, before anything is read. */
  void check() {
    if (service.saysHow() && connection != null) {
      throw new UsageException("--connection does not go with --connect or --auth");
    }
  }

  /** Refuses operations that this command cannot do anything with. */
  abstract void check(OperationInfo operation);

  /** Returns whether nothing is to leave this machine. */
  boolean isDry() {
    return false;
  }

  /**
   * The way to the service.
   *
   * @param builder of a runtime that can ask it
   * @param reference an embedded one, which leads there
   * @param connection returns the connection in that runtime, which it may have to make
   */
  record Way(
      RuntimeBuilder builder,
      ConnectionReference reference,
      Function<ConnectorRuntime, ConnectionId> connection) {

    ConnectorRuntime open() {
      ConnectorRuntime runtime = builder.build();
      try {
        runtime.references().bind(Home.me(), reference, connection.apply(runtime));
        return runtime;
      } catch (RuntimeException e) {
        runtime.close();
        throw e;
      }
    }
  }

  /** Asks the service. */
  abstract void run(Asked asked, Way way) throws IOException;

  /** Does without the service what there is to do with a stored connection. */
  void dryRun(Asked asked, Home home, Connection connection) {
    throw new UnsupportedOperationException();
  }

  /** Does without the service what there is to do with what somebody gave. */
  void dryRun(Asked asked, ConnectionForm form, ClientRegistration client) {
    throw new UnsupportedOperationException();
  }

  @Override
  public final Integer call() throws IOException {
    check();
    Named named = named(source());
    Given values = new Given(terminal());
    boolean mayBeStored = !service.saysHow() && Home.exists(home.folder());
    if (connection != null && !mayBeStored) {
      throw new UsageException("no connection '" + connection + "'; see: connectors help connect");
    }
    try (Home open = mayBeStored ? home.open() : null) {
      Connection stored = open == null ? null : stored(open, named.connector());
      if (open != null && stored != null) {
        onStored(open, stored, named);
      } else {
        onGiven(asked(named), values);
      }
    }
    return ExitCode.OK;
  }

  private DefinitionSource source() {
    return overlay.of(folder, service.baseUrl());
  }

  /** The operation that somebody named, as its definition is corrected. */
  private record Named(Connector connector, OperationInfo operation) {}

  private Named named(DefinitionSource source) {
    Definition definition = source.load();
    OperationInfo operation = OperationInfo.named(definition, operationId);
    check(operation);
    return new Named(definition.connector(), operation);
  }

  private Asked asked(Named named) throws IOException {
    return new Asked(named.connector(), named.operation(), input(named.operation()));
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

  private void onStored(Home open, Connection stored, Named named) throws IOException {
    Home.Origin origin = open.origin(stored.id());
    DefinitionSource source = source();
    DefinitionSource whole = origin == null ? source : source.orElse(origin.definition());
    Asked there = asked(whole.equals(source) ? named : named(whole));
    hide(open.secrets(stored.id()));
    if (isDry()) {
      dryRun(there, open, stored);
      return;
    }
    ConnectionReference reference =
        ConnectionReference.embedded("cli-" + stored.id(), there.connector().id().value());
    run(there, new Way(open.runtime(there.connector(), stored), reference, any -> stored.id()));
  }

  private void onGiven(Asked asked, Given values) throws IOException {
    Connector connector = asked.connector();
    var entered = values.values(service.connect());
    hide(entered.values());
    ClientRegistration client = service.client(values);
    ConnectionForm form = ConnectionForm.of(connector, service.auth(), entered, false);
    if (isDry()) {
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
    hide(asked.given().secrets());
    if (isDry()) {
      ClientRegistration any = client == null ? DryRun.anyClient() : client;
      hide(ServiceOptions.secrets(any));
      dryRun(asked, form, any);
      return;
    }
    ConnectionReference reference = ConnectionReference.embedded("cli", connector.id().value());
    run(
        asked,
        new Way(
            Home.builder().connector(connector),
            reference,
            runtime -> runtime.connections().create(Home.me(), form.spec().untested()).id()));
  }
}
