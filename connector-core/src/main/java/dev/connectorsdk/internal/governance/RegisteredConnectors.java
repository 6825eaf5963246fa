package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The connectors of a runtime, as data policies see them. */
final class RegisteredConnectors implements ConnectorRegister {

  private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]*)}");

  private final Registry registry;
  private final Set<ConnectorId> unblockable;

  RegisteredConnectors(Registry registry, Set<ConnectorId> unblockable) {
    this.registry = registry;
    this.unblockable = unblockable;
  }

  @Override
  public ConnectorFacts facts(@Nullable Environment environment, ConnectorId id) {
    return facts(id, environment == null ? null : custom(environment, id));
  }

  @Override
  public boolean isReplaceable(Environment environment, ConnectorId id) {
    return registry.isReplaceable(environment, id);
  }

  @Override
  public void refresh() {
    registry.refresh();
  }

  @Override
  public void refresh(Moment at) {
    registry.refresh(at);
  }

  @Override
  public List<EffectiveUrl> signIns(Environment environment, ConnectorId id) {
    Connector connector = registry.find(environment, id);
    return connector == null ? List.of() : signIns(connector).toList();
  }

  /** Returns where sign-ins of a connector send requests. */
  static Stream<EffectiveUrl> signIns(Connector connector) {
    return connector.authOptions().stream()
        .map(AuthOption::scheme)
        .flatMap(scheme -> scheme.endpoints().stream())
        .map(RegisteredConnectors::sample)
        .flatMap(Stream::ofNullable);
  }

  private @Nullable Connector custom(Environment environment, ConnectorId id) {
    return registry.environments(id).contains(environment)
        ? registry.connector(environment, id)
        : null;
  }

  private ConnectorFacts facts(ConnectorId id, @Nullable Connector custom) {
    return new ConnectorFacts(
        id,
        custom != null,
        !unblockable.contains(id),
        custom == null ? null : serviceUrl(custom.baseUrl()));
  }

  /** Returns the connectors of all environments. */
  List<Known> all() {
    return registry.all().stream()
        .map(one -> new Known(one, facts(one.id(), registry.isPublic(one.id()) ? null : one)))
        .toList();
  }

  /** A connector, and what data policies need to know of it. */
  record Known(Connector connector, ConnectorFacts facts) {}

  /** Returns {@code null} if the parameters of a connection have a say in the host. */
  private static @Nullable EffectiveUrl serviceUrl(String template) {
    return UrlTemplate.namesInHost(template).isEmpty() ? sample(template) : null;
  }

  /**
   * Returns a URL as a template makes it, or {@code null} if that takes the values of a connection.
   * The name of a parameter stands for its value.
   */
  private static @Nullable EffectiveUrl sample(String template) {
    return EffectiveUrl.parse(PARAMETER.matcher(template).replaceAll("$1"));
  }
}
