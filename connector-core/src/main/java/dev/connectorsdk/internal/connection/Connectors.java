package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which connectors there are: public ones everywhere, custom ones in the environments that they are
 * registered in. No custom connector has the id of a public one, so that an id is of one kind
 * wherever it is used. Immutable.
 */
public final class Connectors {

  private final Map<ConnectorId, Connector> everywhere;
  private final Map<Environment, Map<ConnectorId, Connector>> custom;
  private final IdentityHashMap<Connector, Map<String, String>> reach;

  private Connectors(
      Map<ConnectorId, Connector> everywhere,
      Map<Environment, Map<ConnectorId, Connector>> custom,
      IdentityHashMap<Connector, Map<String, String>> reach) {
    this.reach = new IdentityHashMap<>(reach);
    this.everywhere = Map.copyOf(everywhere);
    Map<Environment, Map<ConnectorId, Connector>> copied = new HashMap<>();
    for (Map.Entry<Environment, Map<ConnectorId, Connector>> one : custom.entrySet()) {
      copied.put(one.getKey(), Map.copyOf(one.getValue()));
    }
    this.custom = Map.copyOf(copied);
  }

  /** Gathers connectors, and refuses an id that is taken. */
  public static final class Builder {

    private final Map<ConnectorId, Connector> everywhere = new LinkedHashMap<>();
    private final Map<Environment, Map<ConnectorId, Connector>> custom = new LinkedHashMap<>();
    private final IdentityHashMap<Connector, Map<String, String>> reach = new IdentityHashMap<>();

    /** Begins with none. */
    public Builder() {}

    /** Begins with some. */
    public Builder(Connectors first) {
      everywhere.putAll(first.everywhere);
      first.custom.forEach((where, some) -> custom.put(where, new LinkedHashMap<>(some)));
      reach.putAll(first.reach);
    }

    /**
     * Adds a connector.
     *
     * @param environments where it is a custom one; none for a public one
     * @throws IllegalArgumentException if its id is taken
     */
    public Builder add(Connector connector, Set<Environment> environments) {
      ConnectorId id = connector.id();
      if (environments.isEmpty()) {
        Set<Environment> elsewhere = environments(id);
        if (!elsewhere.isEmpty()) {
          throw takenByPublic(id, elsewhere);
        }
        putNew(everywhere, connector, "");
      } else if (everywhere.containsKey(id)) {
        throw takenByPublic(id, environments);
      }
      for (Environment environment : environments) {
        putNew(
            custom.computeIfAbsent(environment, any -> new LinkedHashMap<>()),
            connector,
            " in environment '" + environment + "'");
      }
      return this;
    }

    /**
     * Adds a connector that somebody may replace while the runtime runs.
     *
     * @param environments where it is a custom one; none for a public one
     * @param reach where it sends the credentials of each auth option, by its id, and how
     * @throws IllegalArgumentException if its id is taken
     */
    public void add(Connector connector, Set<Environment> environments, Map<String, String> reach) {
      add(connector, environments);
      this.reach.put(connector, reach);
    }

    private static void putNew(
        Map<ConnectorId, Connector> connectors, Connector connector, String where) {
      if (connectors.putIfAbsent(connector.id(), connector) != null) {
        throw new IllegalArgumentException(
            "Two connectors have the id '"
                + connector.id()
                + "'"
                + where
                + "; register one of them");
      }
    }

    private static IllegalArgumentException takenByPublic(
        ConnectorId id, Set<Environment> environments) {
      return new IllegalArgumentException(
          "A custom connector of "
              + environments.stream().map(Environment::name).sorted().toList()
              + " has the id '"
              + id
              + "' of a public connector; give it another id");
    }

    /** Returns whether a connector that is available everywhere cannot have this id. */
    public boolean isTaken(ConnectorId id) {
      return everywhere.containsKey(id) || !environments(id).isEmpty();
    }

    private Set<Environment> environments(ConnectorId id) {
      return environmentsWith(custom, id);
    }

    /** Returns what was added. */
    public Connectors build() {
      return new Connectors(everywhere, custom, reach);
    }
  }

  private static Set<Environment> environmentsWith(
      Map<Environment, Map<ConnectorId, Connector>> custom, ConnectorId id) {
    Set<Environment> environments = new HashSet<>();
    for (Map.Entry<Environment, Map<ConnectorId, Connector>> one : custom.entrySet()) {
      if (one.getValue().containsKey(id)) {
        environments.add(one.getKey());
      }
    }
    return Set.copyOf(environments);
  }

  /** Returns the connector that has this id in an environment, or {@code null}. */
  public @Nullable Connector find(Environment environment, ConnectorId id) {
    Connector shared = everywhere.get(id);
    return shared == null ? custom(environment).get(id) : shared;
  }

  /**
   * Returns where one of them sends the credentials of an auth option, and how, if somebody may
   * replace it while the runtime runs; else an empty text.
   */
  public String reach(Connector connector, String authOption) {
    return reach.getOrDefault(connector, Map.of()).getOrDefault(authOption, "");
  }

  private Map<ConnectorId, Connector> custom(Environment environment) {
    return custom.getOrDefault(environment, Map.of());
  }

  /** Returns the public connector with this id, or {@code null}. */
  public @Nullable Connector findPublic(ConnectorId id) {
    return everywhere.get(id);
  }

  /** Returns where a custom connector with this id is; nowhere if the id is of a public one. */
  public Set<Environment> environments(ConnectorId id) {
    return environmentsWith(custom, id);
  }

  /** Returns the connectors of an environment, public and custom, in no order. */
  public Collection<Connector> in(Environment environment) {
    return Stream.concat(everywhere.values().stream(), custom(environment).values().stream())
        .toList();
  }

  /** Returns all connectors, wherever they are, in no order. */
  public Collection<Connector> all() {
    Set<Connector> all = new LinkedHashSet<>(everywhere.values());
    for (Map<ConnectorId, Connector> connectors : custom.values()) {
      all.addAll(connectors.values());
    }
    return List.copyOf(all);
  }
}
