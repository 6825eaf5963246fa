package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import java.util.Optional;

/** A client certificate, and whatever authenticates the requests besides. */
final class ClientCertificateStrategy implements AuthStrategy<ClientCertificateScheme> {

  private final AuthStrategies others;

  ClientCertificateStrategy(AuthStrategies others) {
    this.others = others;
  }

  @Override
  public Class<ClientCertificateScheme> schemeType() {
    return ClientCertificateScheme.class;
  }

  @Override
  public Authenticator open(ClientCertificateScheme scheme, AuthContext context) {
    return opened(scheme.then(), context);
  }

  @Override
  public Optional<ClientCertificate> clientCertificate(
      ClientCertificateScheme scheme, AuthContext context) {
    return Optional.of(CertificateText.required(context, scheme.format()));
  }

  private <S extends AuthScheme> Authenticator opened(S scheme, AuthContext context) {
    return strategy(scheme).open(scheme, context);
  }

  @SuppressWarnings("unchecked") // A strategy handles exactly the type that it names.
  private <S extends AuthScheme> AuthStrategy<S> strategy(S scheme) {
    return others
        .find(scheme.getClass())
        .filter(strategy -> strategy != this)
        .map(strategy -> (AuthStrategy<S>) strategy)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "A client certificate goes together with a standard scheme, not with "
                        + scheme.getClass().getName()));
  }
}
