package dev.connectorsdk.examples.plugin;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.Expiry;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.auth.TokenPlace;

/** Ways to authenticate at services that have habits of their own. */
final class Providers {

  private Providers() {}

  // tag::provider[]
  static final OAuth2Scheme DOCUMENTS =
      OAuth2Scheme.authorizationCode("{site}/authorize", "{site}/token")
          .scopes("read", "write")
          .scopeSeparator(",")
          .authorizationParameter("access_type", "offline")
          .clientAuthentication(ClientAuthentication.POST)
          .exchange(request -> request.json().header("Api-Version", "2026-01"))
          .answer(a -> a.accessToken("/data/token").expiry(Expiry.milliseconds("/data/ttl")))
          .sendingToken(TokenPlace.header("X-Api-Token"));

  // end::provider[]

  // tag::refusals[]
  static final AuthOption KEY =
      AuthOption.apiKeyHeader("X-Key")
          .refusedBy(419)
          .refusedBy(400, "/error/code", "invalid_key")
          .refusedBy(200, "/ok", "false");

  // end::refusals[]

  // tag::signature[]
  static final SignatureScheme SIGNED =
      SignatureScheme.hmacSha256("{timestamp}{method}{path}{body}")
          .asking(ConnectionParameter.text("key_id").titled("Key id"))
          .header("X-Timestamp", "{timestamp}")
          .header("Authorization", "Acme {parameter:key_id}:{signature}");

  // end::signature[]

  // tag::certificate[]
  static final AuthOption CERTIFICATE = AuthOption.certificate(ClientCertificateScheme.pkcs12());

  static final AuthOption CERTIFICATE_AND_KEY =
      AuthOption.certificate(ClientCertificateScheme.pem().and(ApiKeyScheme.header("X-Key")));
  // end::certificate[]
}
