package dev.connectorsdk.definition;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
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

  /** Others are a host's own, by whatever name it gave them. */
  private static final Map<Class<? extends AuthScheme>, String> KINDS =
      Map.of(
          NoneScheme.class, "no credential",
          BasicScheme.class, "user name and password as HEADER Authorization",
          BearerScheme.class, "token as HEADER Authorization",
          OAuth1Scheme.class, "signature of OAuth 1.0a",
          SignatureScheme.class, "signature",
          AwsSignatureScheme.class, "signature of AWS",
          AzureSharedKeyScheme.class, "signature of Azure Storage",
          ClientCertificateScheme.class, "client certificate");

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
    } else if (scheme instanceof OAuth2Scheme oauth) {
      oauth
          .tokenPlaces()
          .forEach(place -> own.add("token as " + place.placement() + " " + place.name()));
      if (oauth.authorizationUrl() != null) {
        own.add("sign-in at " + oauth.authorizationUrl());
      }
    } else {
      own.add(KINDS.getOrDefault(scheme.getClass(), scheme.getClass().getName()));
    }
    scheme.endpoints().forEach(url -> own.add("strategy at " + url));
    return own;
  }
}
