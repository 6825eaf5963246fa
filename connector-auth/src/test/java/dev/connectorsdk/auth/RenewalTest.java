package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.auth.TokenStep.Progress;
import dev.connectorsdk.fixtures.SettableClock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection that people sign in with, and the endpoint that renews its tokens. */
abstract class RenewalTest {

  @RegisterExtension static final TokenServer server = new TokenServer();

  final TestConnection connection = node(new TestVault());
  final SettableClock clock = connection.clock;
  final TestVault vault = connection.vault();
  Authenticator authenticator = ignored -> 0;

  @BeforeEach
  void open() {
    authenticator = connection.open(scheme());
  }

  /** Lets a test change the scheme. */
  OAuth2Scheme scheme() {
    return OAuth2Scheme.authorizationCode("https://id.example.com/authorize", server.url());
  }

  /** Returns the connection as another process sees it that shares the vault. */
  static TestConnection node(TestVault vault) {
    return new TestConnection()
        .registered(ClientRegistration.of("app", Secret.of("s3cret")))
        .random(() -> 0)
        .sharing(vault);
  }

  /** Returns tokens that were issued now. */
  TokenSet tokens(
      String accessToken, @Nullable String refreshToken, long seconds, String... scopes) {
    return new TokenSet(
        Secret.of(accessToken),
        refreshToken == null ? null : Secret.of(refreshToken),
        clock.instant(),
        clock.instant().plusSeconds(seconds),
        List.of(scopes));
  }

  /** What becomes of a step to the next tokens. */
  interface Course {
    TokenSet next(TokenStep real, @Nullable TokenSet current, Progress progress);
  }

  /** Opens the connection so that each step to the next tokens takes this course. */
  Authenticator open(Course course) {
    TokenStep real = TokenStep.of(scheme(), connection, new TokenEndpoint.Common());
    TokenStep step =
        new TokenStep() {
          @Override
          public boolean canRenew(TokenSet current) {
            return real.canRenew(current);
          }

          @Override
          public TokenSet next(@Nullable TokenSet current, Progress progress) {
            return course.next(real, current, progress);
          }
        };
    return new TokenAuthenticator(
        connection, step, Injector.of(scheme(), connection, new Nonces()), null);
  }

  /** Returns what runs the first time and does nothing afterwards. */
  static Runnable once(Runnable happening) {
    boolean[] happened = {false};
    return () -> {
      if (!happened[0]) {
        happened[0] = true;
        happening.run();
      }
    };
  }

  @Nullable String sent() {
    return sentBy(authenticator);
  }

  static @Nullable String sentBy(Authenticator authenticator) {
    TestRequest request = new TestRequest();
    authenticator.authenticate(request);
    return request.headers.get("Authorization");
  }

  AuthenticationException assertFails(Reason reason) {
    AuthenticationException[] failure = new AuthenticationException[1];
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(this::sent)
        .satisfies(e -> failure[0] = e)
        .extracting(AuthenticationException::reason)
        .isEqualTo(reason);
    return failure[0];
  }
}
