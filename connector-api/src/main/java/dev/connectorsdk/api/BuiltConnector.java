package dev.connectorsdk.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The connector that {@link Connector.Builder} makes. */
final class BuiltConnector implements Connector {

  private final ConnectorId id;
  private final String version;
  private final String title;
  private final String description;
  private final String baseUrl;
  private final List<String> additionalOrigins;
  private final List<String> fileHosts;
  private final List<ConnectionParameter> parameters;
  private final List<AuthOption> authOptions;
  private final List<Action<?, ?>> actions;
  private final Map<String, Action<?, ?>> actionsById;
  private final List<Trigger<?, ?>> triggers;
  private final @Nullable ConnectionTest test;

  BuiltConnector(Connector.Builder from) {
    this.id = from.id;
    this.version = from.version;
    this.title = from.title;
    this.description = from.description;
    this.baseUrl = from.baseUrl;
    this.additionalOrigins = List.copyOf(from.additionalOrigins);
    this.fileHosts = List.copyOf(from.fileHosts);
    this.parameters = List.copyOf(from.parameters);
    this.authOptions =
        from.authOptions.isEmpty() ? List.of(AuthOption.none()) : List.copyOf(from.authOptions);
    this.actions = List.copyOf(from.actions);
    this.triggers = List.copyOf(from.triggers);
    requireEachOnce();
    this.test = from.test;
    Map<String, Action<?, ?>> byId = new HashMap<>();
    for (Action<?, ?> action : actions) {
      byId.put(action.id(), action);
    }
    this.actionsById = Map.copyOf(byId);
  }

  private void requireEachOnce() {
    Set<String> options = new HashSet<>();
    for (AuthOption option : authOptions) {
      requireNew(options, "auth options", option.id());
    }
    Set<String> ids = new HashSet<>();
    for (Action<?, ?> action : actions) {
      requireNew(ids, "actions", action.id());
    }
    Set<String> others = new HashSet<>();
    for (Trigger<?, ?> trigger : triggers) {
      requireNew(others, "triggers", trigger.id());
    }
  }

  private void requireNew(Set<String> seen, String what, String part) {
    if (!seen.add(part)) {
      throw new IllegalArgumentException(
          "Connector '" + id + "' has two " + what + " with the id '" + part + "'");
    }
  }

  @Override
  public ConnectorId id() {
    return id;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String baseUrl() {
    return baseUrl;
  }

  @Override
  public List<String> additionalOrigins() {
    return additionalOrigins;
  }

  @Override
  public List<String> fileHosts() {
    return fileHosts;
  }

  @Override
  public List<ConnectionParameter> parameters() {
    return parameters;
  }

  @Override
  public List<AuthOption> authOptions() {
    return authOptions;
  }

  @Override
  public List<Action<?, ?>> actions() {
    return actions;
  }

  @Override
  public Optional<Action<?, ?>> action(String id) {
    return Optional.ofNullable(actionsById.get(id));
  }

  @Override
  public List<Trigger<?, ?>> triggers() {
    return triggers;
  }

  @Override
  public Optional<ConnectionTest> connectionTest() {
    return Optional.ofNullable(test);
  }

  @Override
  public String toString() {
    return id + " " + version;
  }
}
