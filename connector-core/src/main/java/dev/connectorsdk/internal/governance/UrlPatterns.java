package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How one policy sorts custom connectors by the URL of their service. Immutable. */
final class UrlPatterns {

  private record Ready(UrlPattern rule, EndpointPattern pattern) {

    boolean matches(EffectiveUrl url) {
      return rule.group() == Group.BLOCKED
          ? pattern.matchesWidely(url)
          : pattern.matchesNarrowly(url);
    }
  }

  private final List<Ready> patterns;

  private UrlPatterns(List<UrlPattern> rules) {
    this.patterns =
        rules.stream().map(rule -> new Ready(rule, EndpointPattern.of(rule.pattern()))).toList();
  }

  /** Returns what sorts a connector by its URL, or {@code null} if the policy does not. */
  static @Nullable UrlPatterns sorting(ConnectorFacts connector, DataPolicy policy) {
    boolean byUrl =
        connector.isCustom()
            && policy.scope() != Scope.SINGLE_ENVIRONMENT
            && policy.groupOf(connector.id()) == null;
    return byUrl ? new UrlPatterns(policy.customConnectors()) : null;
  }

  /** Returns whether there are none, and nothing is sorted. */
  boolean isEmpty() {
    return patterns.isEmpty();
  }

  /**
   * Returns whether it depends on the URL of each connection in which group a policy has a
   * connector.
   */
  static boolean sortsByConnection(ConnectorFacts connector, DataPolicy policy) {
    UrlPatterns patterns = sorting(connector, policy);
    return patterns != null && connector.serviceUrl() == null && patterns.dependOnUrl();
  }

  /**
   * Returns the first rule that matches a URL, or {@code null} if none does.
   *
   * @param url {@code null} if each connection has its own
   */
  @Nullable UrlPattern first(@Nullable EffectiveUrl url) {
    if (url == null) {
      return patterns.isEmpty() || dependOnUrl() ? null : patterns.get(0).rule();
    }
    for (Ready ready : patterns) {
      if (ready.matches(url)) {
        return ready.rule();
      }
    }
    return null;
  }

  /** Returns where a rule stands in its policy. */
  static String place(UrlPattern rule) {
    return "rules/" + rule.order() + " " + rule.pattern();
  }

  /** Returns the group that {@link #first} leads to, or {@code null} if none. */
  @Nullable Group group(@Nullable EffectiveUrl url) {
    UrlPattern first = first(url);
    return first == null ? null : first.group();
  }

  /** Returns whether connectors with different URLs may be in different groups. */
  private boolean dependOnUrl() {
    return !patterns.isEmpty() && !patterns.get(0).pattern().isEverything();
  }
}
