package dev.connectorsdk.runtime;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.spi.ConnectorProvider;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.internal.connection.Connectors;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.schema.GivenSchemas;
import dev.connectorsdk.plugin.AllowedPlugins;
import dev.connectorsdk.plugin.ConnectorLint;
import dev.connectorsdk.plugin.PluginDiscovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Everything that connectors come from, brought together when a runtime starts. */
final class Plugins {

  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  private final Connectors.Builder connectors = new Connectors.Builder();
  private final List<AuthStrategy<?>> authStrategies = new ArrayList<>();
  private final List<PluginDiscovery.Problem> problems = new ArrayList<>();
  private final GivenSchemas schemas = new GivenSchemas();

  private Plugins() {}

  static Plugins gather(
      List<Registration> registrations,
      List<ConnectorProvider> providers,
      List<ClassLoader> classLoaders,
      @Nullable AllowedPlugins allowed,
      List<AuthStrategy<?>> authStrategies) {
    Plugins plugins = new Plugins();
    for (Registration registration : registrations) {
      plugins.register(registration);
    }
    for (ConnectorProvider provider : providers) {
      provider.connectors().forEach(plugins::register);
      plugins.authStrategies.addAll(provider.authStrategies());
    }
    for (ClassLoader loader : classLoaders) {
      plugins.discover(loader, allowed);
    }
    plugins.authStrategies.addAll(authStrategies);
    for (Connector connector : plugins.connectors.build().all()) {
      if (!DefinitionCatalogue.holds(connector)) {
        lint(connector);
      }
    }
    return plugins;
  }

  /**
   * A connector that the host registers by itself.
   *
   * @param environments of a custom one; none for a public one
   */
  record Registration(Connector connector, Set<Environment> environments) {}

  private void register(Registration registration) {
    Connector connector = registration.connector();
    String problem = DefinitionCatalogue.holds(connector) ? null : schemas.problem(connector);
    if (problem != null) {
      throw new IllegalArgumentException("Connector '" + connector.id() + "', " + problem);
    }
    connectors.add(connector, registration.environments());
  }

  private void register(Connector connector) {
    register(new Registration(connector, Set.of()));
  }

  private void discover(ClassLoader classLoader, @Nullable AllowedPlugins allowed) {
    PluginDiscovery.Discovery discovery =
        allowed == null
            ? PluginDiscovery.find(classLoader)
            : PluginDiscovery.find(classLoader, allowed);
    discovery.problems().forEach(this::report);
    discovery.providers().forEach(this::take);
  }

  /** A plugin that nobody named must not take the runtime down, nor another's connector over. */
  private void take(ConnectorProvider provider) {
    try {
      List<Connector> brought = List.copyOf(provider.connectors());
      List<AuthStrategy<?>> strategies = List.copyOf(provider.authStrategies());
      for (Connector connector : brought) {
        if (connectors.isTaken(connector.id())) {
          report(
              PluginDiscovery.Problem.of(
                  provider, "the connector id '" + connector.id() + "' is taken already", null));
          return;
        }
        String problem = schemas.problem(connector);
        if (problem != null) {
          report(
              PluginDiscovery.Problem.of(
                  provider, "connector '" + connector.id() + "', " + problem, null));
          return;
        }
      }
      brought.forEach(this::register);
      authStrategies.addAll(strategies);
    } catch (RuntimeException | LinkageError e) {
      report(PluginDiscovery.Problem.of(provider, "it failed with " + e.getClass().getName(), e));
    }
  }

  private void report(PluginDiscovery.Problem problem) {
    problems.add(problem);
    log.warn("Plugin skipped: {}", problem);
  }

  private static void lint(Connector connector) {
    if (!log.isWarnEnabled()) {
      return; // Nobody would read it.
    }
    List<ConnectorLint.Finding> findings = ConnectorLint.checkAtStart(connector);
    if (findings.isEmpty()) {
      return;
    }
    boolean wrong = findings.stream().anyMatch(f -> f.severity() == ConnectorLint.Severity.ERROR);
    log.atLevel(wrong ? Level.WARN : Level.INFO)
        .log(
            "Connector '{}': {} finding(s) of the lint, such as: {}",
            connector.id(),
            findings.size(),
            findings.get(0));
    findings.forEach(finding -> log.debug("Connector '{}': {}", connector.id(), finding));
  }

  Connectors connectors() {
    return connectors.build();
  }

  /** Returns those that count for more than the standard ones. */
  List<AuthStrategy<?>> authStrategies() {
    return authStrategies;
  }

  /**
   * Returns what was skipped, and the clients that were registered for it.
   *
   * @param othersMayCome whether connectors may be registered later, so that a client for one that
   *     is not there is none too many
   * @throws IllegalArgumentException if a client is registered for nothing although no plugin was
   *     skipped, or for an auth option that its connector does not have
   */
  List<PluginDiscovery.Problem> problemsWith(Registry registry, boolean othersMayCome) {
    List<PluginDiscovery.Problem> all = new ArrayList<>(problems);
    for (ClientKey client : registry.unusedClients()) {
      String problem = "A client is registered for " + client + ", which ";
      Optional<Connector> connector = registry.find(client);
      if (connector.isPresent()) {
        throw new IllegalArgumentException(
            problem + "has " + connector.get().authOptions().stream().map(AuthOption::id).toList());
      }
      if (othersMayCome && registry.isUnknown(client.connector())) {
        log.info("A client waits for {}, which is not there yet", client);
        continue;
      }
      problem += whyUnused(registry, client);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException(problem);
      }
      log.warn("{}", problem);
      all.add(PluginDiscovery.Problem.ofSkipped(problem));
    }
    return List.copyOf(all);
  }

  private String whyUnused(Registry registry, ClientKey client) {
    Set<Environment> custom = registry.environments(client.connector());
    if (!custom.isEmpty()) {
      return "is a custom connector of "
          + custom.stream().map(Environment::name).sorted().toList()
          + ": name those of them in which it has this client";
    }
    return registry.isPublic(client.connector())
        ? "is a public connector: register its client without an environment"
        : "is not there; there are " + Registry.ids(connectors.build().all());
  }
}
