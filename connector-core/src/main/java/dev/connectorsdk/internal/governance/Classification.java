package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import dev.connectorsdk.governance.DataPolicy.Scope;
import dev.connectorsdk.governance.DataPolicy.UrlPattern;
import org.jspecify.annotations.Nullable;

/** Says in which group of a policy a connector is. */
final class Classification {

  private Classification() {}

  /** Returns the group, or {@code null} if the policy says nothing about the connector. */
  static @Nullable Group of(ConnectorFacts connector, DataPolicy policy) {
    Group listed = policy.groupOf(connector.id());
    if (listed != null) {
      return listed;
    }
    if (connector.isCustom() && policy.scope() != Scope.SINGLE_ENVIRONMENT) {
      return byUrl(connector.serviceUrl(), policy);
    }
    Group group = policy.defaultGroup();
    return group == Group.BLOCKED && !connector.isBlockable() ? Group.NON_BUSINESS : group;
  }

  /**
   * Returns the group of the first pattern that matches a URL, or {@code null} if there is none.
   *
   * @param url {@code null} if it is not known
   */
  static @Nullable Group byUrl(@Nullable EffectiveUrl url, DataPolicy policy) {
    for (UrlPattern rule : policy.customConnectors()) {
      if (matches(rule, url)) {
        return rule.group();
      }
    }
    return null;
  }

  private static boolean matches(UrlPattern rule, @Nullable EffectiveUrl url) {
    EndpointPattern pattern = EndpointPattern.of(rule.pattern());
    if (url == null) {
      return pattern.isEverything();
    }
    return rule.group() == Group.BLOCKED
        ? pattern.matchesWidely(url)
        : pattern.matchesNarrowly(url);
  }
}
