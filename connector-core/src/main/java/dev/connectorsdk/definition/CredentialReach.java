package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.internal.definition.policy.Policies;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a definition sends credentials, and how. Stored credentials are bound to these texts: those
 * of a definition that has not changed must not either.
 */
final class CredentialReach {

  private CredentialReach() {}

  /** Returns it for each way to authenticate. */
  static Map<String, String> of(Connector connector, Policies policies) {
    List<String> service = new ArrayList<>();
    service.add(connector.baseUrl());
    service.addAll(connector.additionalOrigins());
    service.addAll(policies.hosts());
    Map<String, String> reach = new LinkedHashMap<>();
    for (AuthOption option : connector.authOptions()) {
      List<String> parts = new ArrayList<>(service);
      parts.addAll(own(option.scheme()));
      reach.put(option.id(), String.join(", ", parts));
    }
    return reach;
  }

  private static List<String> own(AuthScheme scheme) {
    List<String> own = new ArrayList<>();
    if (scheme instanceof ApiKeyScheme keys) {
      keys.keys().forEach(key -> own.add("key as " + key.placement() + " " + key.name()));
    }
    if (scheme instanceof OAuth2Scheme oauth && oauth.authorizationUrl() != null) {
      own.add("sign-in at " + oauth.authorizationUrl());
    }
    scheme.endpoints().forEach(url -> own.add("strategy at " + url));
    return own;
  }
}
