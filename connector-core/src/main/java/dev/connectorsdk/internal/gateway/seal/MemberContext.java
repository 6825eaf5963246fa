package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.internal.cache.HeldVault;
import dev.connectorsdk.internal.http.ClientTls;
import java.net.URI;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy gets to know at a member of a gateway. Tokens stay in the memory of this process.
 */
final class MemberContext implements AuthContext {

  private final SealedUse purpose;
  private final Map<String, Secret> secrets;
  private final InsideRequests requests;
  private final Clock clock;
  private final RandomGenerator random;
  private final HeldVault vault = new HeldVault();
  private @Nullable ClientTls tls; // for token requests; set before it is used by several threads

  /**
   * @param secrets by slot, without regard to case
   */
  MemberContext(
      SealedUse purpose,
      Map<String, Secret> secrets,
      InsideRequests requests,
      Clock clock,
      RandomGenerator random) {
    this.purpose = purpose;
    this.secrets = secrets;
    this.requests = requests;
    this.clock = clock;
    this.random = random;
  }

  /** Says what offers the connection's client certificate where tokens are got. */
  void offering(ClientTls own) {
    tls = own;
  }

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

  /** URLs were filled before they were sealed. */
  @Override
  public URI expand(String urlTemplate) {
    return URI.create(urlTemplate);
  }

  @Override
  public void capture(Map<String, String> values) {
    throw new UnsupportedOperationException("A member of a gateway stores nothing it is told");
  }

  @Override
  public CredentialVault vault() {
    return vault;
  }

  @Override
  public ConnectorHttp http() {
    return requests.forTokens(purpose, tls);
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Executor executor() {
    return requests.work();
  }
}
