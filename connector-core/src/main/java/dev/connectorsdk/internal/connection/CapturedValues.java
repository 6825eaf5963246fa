package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.internal.http.TemplateValues;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps what a service says about a connection as parameters of the connection. */
final class CapturedValues {

  /** A connection for which somebody signs in never leads through one. */
  private static final boolean THROUGH_NO_GATEWAY = false;

  private static final int TRIES = 5;

  private final ConnectorStore store;
  private final CredentialBox box;
  private final Registry registry;
  private final ParameterJson parameterJson;
  private final Clock clock;
  private final ConnectionChanges changes;

  CapturedValues(
      ConnectorStore store,
      CredentialBox box,
      Registry registry,
      ParameterJson parameterJson,
      Clock clock,
      ConnectionChanges changes) {
    this.store = store;
    this.box = box;
    this.registry = registry;
    this.parameterJson = parameterJson;
    this.clock = clock;
    this.changes = changes;
  }

  /** Returns those of a connection's values that the service gave, to be kept by a change. */
  static Map<String, Object> among(Map<String, Object> plain, RegisteredOption<?> option) {
    Map<String, Object> captured = new LinkedHashMap<>();
    plain.forEach(
        (name, value) -> {
          if (option.isCaptured(name)) {
            captured.put(name, value);
          }
        });
    return captured;
  }

  /**
   * What a connection's parameters are after something was captured.
   *
   * @param parameters as JSON
   * @param isNew whether they are others than before
   * @param values what fills the connection's URL templates from now on
   */
  record Change(String parameters, boolean isNew, TemplateValues values) {}

  /** Stores the values, and returns what fills the connection's URL templates from now on. */
  TemplateValues keep(ConnectionId id, String authOption, Map<String, String> values) {
    for (int i = 0; i < TRIES; i++) {
      Configured configured = Configured.read(store, id);
      StoredConnection row = configured.row();
      if (!row.authOption().equals(authOption)) {
        break;
      }
      Change change = check(row, values);
      if (!change.isNew()) {
        return change.values();
      }
      StoredConnection next =
          row.next(clock.instant()).with(row.settings().withParameters(change.parameters()));
      StoredCredential entered =
          box.of(row, configured.entered()).with(next).sealEntered(configured.enteredVersion() + 1);
      if (store.updateConnection(next, row.version(), List.of(entered))) {
        changes.changed(id);
        return change.values();
      }
    }
    throw new ConflictException("Connection '" + id + "'");
  }

  /** Checks the values and stores nothing. */
  Change check(StoredConnection row, Map<String, String> captured) {
    RegisteredOption<?> option = registry.option(row);
    Map<String, Object> before = parameterJson.read(row.parameters());
    Map<String, Object> after = new LinkedHashMap<>(before);
    after.putAll(checked(row.id(), option, captured));
    TemplateValues values = option.values(after);
    if (after.equals(before)) {
      return new Change(row.parameters(), false, values);
    }
    requireFitting(row.id(), option, values);
    return new Change(parameterJson.write(after), true, values);
  }

  private static Map<String, Object> checked(
      ConnectionId id, RegisteredOption<?> option, Map<String, String> captured) {
    List<ConnectionParameter> declared = option.parameters();
    List<ConnectionParameter> taken = new ArrayList<>();
    for (String name : captured.keySet()) {
      ConnectionParameter parameter = ParameterValues.find(declared, name);
      if (parameter == null || parameter.isSecret() || !option.isCaptured(name)) {
        throw refused(
            id,
            "a service may not give the parameter '" + printable(name) + "' of its connections");
      }
      taken.add(parameter);
    }
    try {
      return ParameterValues.check(
              option.connector(), taken, THROUGH_NO_GATEWAY, Map.copyOf(captured), Map.of())
          .plain();
    } catch (InvalidInputException e) {
      throw refused(id, "what the service gave does not fit: " + e.faults());
    }
  }

  private static void requireFitting(
      ConnectionId id, RegisteredOption<?> option, TemplateValues values) {
    ServiceAddresses addresses = option.addresses(values);
    for (String template : addresses.templates()) {
      for (String name : UrlTemplate.namesInHost(template)) {
        if (option.isCaptured(name) && !isLimited(values.get(name))) {
          throw refused(
              id,
              "the parameter '"
                  + name
                  + "' decides where requests go; it needs a pattern or a list of choices");
        }
      }
    }
    try {
      addresses.all();
    } catch (InvalidInputException e) {
      throw refused(id, "what the service gave does not fit: " + e.faults());
    }
    addresses.requireClientAtHome(id);
  }

  /** Returns whether the author says which values a parameter may have. */
  static boolean isLimited(UrlTemplate.@Nullable Value value) {
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
