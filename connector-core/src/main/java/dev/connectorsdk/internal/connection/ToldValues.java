package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Keeps what a service told about a connection as parameters of the connection. */
final class ToldValues {

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final Registry registry;
  private final ParameterJson parameterJson;
  private final Clock clock;
  private final Consumer<ConnectionId> changed;

  ToldValues(
      ConnectorStore store,
      Registry registry,
      ParameterJson parameterJson,
      Clock clock,
      Consumer<ConnectionId> changed) {
    this.store = store;
    this.registry = registry;
    this.parameterJson = parameterJson;
    this.clock = clock;
    this.changed = changed;
  }

  /** Returns those of a connection's values that the service told, to be kept by a change. */
  static Map<String, Object> among(Map<String, Object> plain, AuthScheme scheme) {
    Map<String, Object> told = new LinkedHashMap<>();
    plain.forEach(
        (name, value) -> {
          if (isTold(scheme, name)) {
            told.put(name, value);
          }
        });
    return told;
  }

  static boolean isTold(AuthScheme scheme, String name) {
    return scheme.captured().stream().anyMatch(name::equalsIgnoreCase);
  }

  /**
   * What a connection's parameters are after something was told.
   *
   * @param parameters as JSON
   * @param isNew whether they are others than before
   * @param values what fills the connection's URL templates from now on
   */
  record Told(
      String parameters, boolean isNew, Function<String, UrlTemplate.@Nullable Value> values) {}

  /** Stores the values, and returns what fills the connection's URL templates from now on. */
  Function<String, UrlTemplate.@Nullable Value> keep(
      ConnectionId id, String authOption, Map<String, String> values) {
    for (int i = 0; i < TRIES; i++) {
      StoredConnection row =
          store
              .findConnection(id)
              .orElseThrow(() -> new NotFoundException("connection", id.value(), "Deleted."));
      if (!row.authOption().equals(authOption)) {
        break;
      }
      Told told = check(row, values);
      if (!told.isNew()) {
        return told.values();
      }
      StoredConnection next =
          row.next(clock.instant()).with(row.settings().withParameters(told.parameters()));
      if (store.updateConnection(next, row.version(), List.of())) {
        changed.accept(id);
        return told.values();
      }
    }
    throw new ConflictException("Connection '" + id + "'");
  }

  /** Checks the values and stores nothing. */
  Told check(StoredConnection row, Map<String, String> told) {
    Connector connector = registry.connector(row.connector());
    AuthOption option = registry.authOption(connector, row.authOption());
    List<ConnectionParameter> declared = connector.parameters(option);
    Map<String, Object> before = parameterJson.read(row.parameters());
    Map<String, Object> after = new LinkedHashMap<>(before);
    after.putAll(checked(row.id(), connector, option, declared, told));
    Function<String, UrlTemplate.@Nullable Value> values = ParameterValues.lookup(declared, after);
    if (after.equals(before)) {
      return new Told(row.parameters(), false, values);
    }
    requireFitting(row.id(), connector, option, values);
    return new Told(parameterJson.write(after), true, values);
  }

  private static Map<String, Object> checked(
      ConnectionId id,
      Connector connector,
      AuthOption option,
      List<ConnectionParameter> declared,
      Map<String, String> told) {
    List<ConnectionParameter> taken = new ArrayList<>();
    for (String name : told.keySet()) {
      ConnectionParameter parameter = ParameterValues.find(declared, name);
      if (parameter == null || parameter.isSecret() || !isTold(option.scheme(), name)) {
        throw refused(
            id,
            "a service may not tell the parameter '" + printable(name) + "' of its connections");
      }
      taken.add(parameter);
    }
    try {
      return ParameterValues.check(connector, taken, Map.copyOf(told), Map.of()).plain();
    } catch (InvalidInputException e) {
      throw refused(id, "what the service told does not fit: " + e.faults());
    }
  }

  private void requireFitting(
      ConnectionId id,
      Connector connector,
      AuthOption option,
      Function<String, UrlTemplate.@Nullable Value> values) {
    for (String template : ServiceAddresses.templates(connector, option)) {
      for (String name : UrlTemplate.namesInHost(template)) {
        if (isTold(option.scheme(), name) && !isLimited(values.apply(name))) {
          throw refused(
              id,
              "the parameter '"
                  + name
                  + "' decides where requests go; it needs a pattern or a list of choices");
        }
      }
    }
    try {
      ServiceAddresses.of(connector, option, values);
    } catch (InvalidInputException e) {
      throw refused(id, "what the service told does not fit: " + e.faults());
    }
    ServiceAddresses.requireClientAtHome(
        id, registry.client(connector.id(), option.id()), connector, option.scheme(), values);
  }

  private static boolean isLimited(UrlTemplate.@Nullable Value value) {
    return value != null
        && (value.parameter().pattern() != null || !value.parameter().choices().isEmpty());
  }

  private static String printable(String name) {
    return name.length() <= 60 && name.chars().allMatch(c -> c >= ' ' && c < 127) ? name : "?";
  }

  private static AuthenticationException refused(ConnectionId id, String problem) {
    return new AuthenticationException(id, Reason.CONFIGURATION, problem);
  }
}
