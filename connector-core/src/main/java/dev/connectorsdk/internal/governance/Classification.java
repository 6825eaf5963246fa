package dev.connectorsdk.internal.governance;

import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
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
    UrlPatterns patterns = UrlPatterns.sorting(connector, policy);
    if (patterns != null) {
      return patterns.group(connector.serviceUrl());
    }
    Group group = policy.defaultGroup();
    return group == Group.BLOCKED && !connector.isBlockable() ? Group.NON_BUSINESS : group;
  }
}
