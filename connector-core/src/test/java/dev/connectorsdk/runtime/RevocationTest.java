package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.event.ConnectorEvent.CredentialRevoked;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is asked of the service when a connection is deleted. */
class RevocationTest extends HostTest {

  private final Revoking strategy = new Revoking();

  private record Revocable() implements AuthScheme {
    @Override
    public List<ConnectionParameter> parameters() {
      return List.of(ConnectionParameter.secret("key"));
    }
  }

  private static final class Revoking implements AuthStrategy<Revocable> {
    private Revocation outcome = Revocation.CONFIRMED;
    private RuntimeException failure;
    private String seen;

    @Override
    public Class<Revocable> schemeType() {
      return Revocable.class;
    }

    @Override
    public Authenticator open(Revocable scheme, AuthContext context) {
      return request -> 0;
    }

    @Override
    public Revocation revoke(Revocable scheme, AuthContext context) {
      seen = context.secret("key").reveal();
      if (failure != null) {
        throw failure;
      }
      return outcome;
    }
  }

  @Override
  Connector connector() {
    return Tickets.builder(url()).auth(AuthOption.of("revocable", new Revocable())).build();
  }

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.authStrategy(strategy);
  }

  @Test
  @DisplayName("C10: the service is asked to end the credentials before they are deleted")
  void theServiceIsAskedBeforeTheCredentialsAreDeleted() {
    Connection connection = create();

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    assertThat(strategy.seen).isEqualTo("s3cret");
    assertThat(revocations()).extracting(CredentialRevoked::confirmed).containsExactly(true);
  }

  @Test
  @DisplayName("C10: a revocation that fails deletes the connection all the same, and is told")
  void aRevocationThatFailsDeletesTheConnectionAllTheSame() {
    Connection connection = create();
    strategy.failure = new IllegalStateException("no way to tell");

    assertThat(runtime.connections().delete(ADA, connection.id())).isTrue();

    assertThat(runtime.connections().list(ADA)).isEmpty();
    assertThat(revocations()).extracting(CredentialRevoked::confirmed).containsExactly(false);
  }

  @Test
  @DisplayName("C10: where there is nothing to end nothing is told")
  void whereThereIsNothingToEndNothingIsTold() {
    Connection connection = create();
    strategy.outcome = AuthStrategy.Revocation.NONE;

    runtime.connections().delete(ADA, connection.id());

    assertThat(revocations()).isEmpty();
  }

  @Test
  @DisplayName("C10: nobody has somebody else's credentials ended")
  void nobodyHasSomebodyElsesCredentialsEnded() {
    Connection connection = create();

    assertThat(runtime.connections().delete(BOB, connection.id())).isFalse();

    assertThat(strategy.seen).isNull();
  }

  private Connection create() {
    return runtime
        .connections()
        .create(
            ADA,
            ConnectionSpec.of("tickets", "revocable")
                .secret("key", Secret.of("s3cret"))
                .untested());
  }

  private List<CredentialRevoked> revocations() {
    return events.stream()
        .filter(CredentialRevoked.class::isInstance)
        .map(CredentialRevoked.class::cast)
        .toList();
  }
}
