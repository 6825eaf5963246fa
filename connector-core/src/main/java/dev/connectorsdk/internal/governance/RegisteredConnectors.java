package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.internal.connection.Registry;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The connectors that a runtime was built with, as data policies see them. */
final class RegisteredConnectors implements ConnectorRegister {

  private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");

  private final Registry registry;
  private final Set<ConnectorId> unblockable;

  RegisteredConnectors(Registry registry, Set<ConnectorId> unblockable) {
    this.registry = registry;
    this.unblockable = unblockable;
  }

  @Override
  public ConnectorFacts facts(Environment environment, ConnectorId id) {
    boolean isCustom = registry.environments(id).contains(environment);
    return new ConnectorFacts(
        id,
        isCustom,
        !unblockable.contains(id),
        isCustom ? sample(registry.connector(environment, id).baseUrl()) : null);
  }

  /**
   * Returns the URL of a template, or {@code null} if a connection says which. The name of a
   * parameter stands for its value, which each connection has for itself.
   */
  static @Nullable EffectiveUrl sample(String template) {
    return EffectiveUrl.parse(PARAMETER.matcher(template).replaceAll("$1"));
  }
}
