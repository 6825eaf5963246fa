package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.http.ConnectorHttp;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy gets to know at a member of a gateway, where no scheme acquires anything.
 *
 * @param secrets by slot, without regard to case
 */
record MemberContext(
    SealedUse purpose, Map<String, Secret> secrets, Clock clock, RandomGenerator random)
    implements AuthContext {

  @Override
  public ConnectionId connection() {
    return purpose.of().connection();
  }

  @Override
  public ConnectorId connector() {
    return purpose.of().connector();
  }

  @Override
  public @Nullable String parameter(String name) {
    return purpose.application().parameters().get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public @Nullable Secret secret(String name) {
    return secrets.get(name);
  }

  @Override
  public Optional<ClientRegistration> client() {
    return Optional.empty();
  }

  @Override
  public URI expand(String urlTemplate) {
    throw acquiring();
  }

  @Override
  public void capture(Map<String, String> values) {
    throw acquiring();
  }

  @Override
  public CredentialVault vault() {
    throw acquiring();
  }

  @Override
  public ConnectorHttp http() {
    throw acquiring();
  }

  private static UnsupportedOperationException acquiring() {
    return new UnsupportedOperationException("A member of a gateway acquires no credential");
  }
}
