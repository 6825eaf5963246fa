package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.Sleeper;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The connection that a strategy works for. Safe for use by several threads. */
public interface AuthContext {

  /** Returns the connection. */
  ConnectionId connection();

  /** Returns the connection's connector. */
  ConnectorId connector();

  /**
   * Returns a parameter that is not secret, as text.
   *
   * @param name without regard to case
   * @return the value or its default, or {@code null} if there is none
   */
  @Nullable String parameter(String name);

  /**
   * Returns a secret parameter.
   *
   * @param name without regard to case
   * @return the value, or {@code null} if there is none
   */
  @Nullable Secret secret(String name);

  /** Returns the client that the host registered for this connector and auth option. */
  Optional<ClientRegistration> client();

  /**
   * Fills the connection parameters into a URL template, under the rules for {@link
   * dev.connectorsdk.api.Connector#baseUrl}.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   */
  URI expand(String urlTemplate);

  /**
   * Stores values that the service has given, such as its region or an instance's URL, as
   * parameters of the connection. This context has the values at once, and calls that begin later
   * have them too. Capturing the same values again costs one read of the store.
   *
   * <p>Each value must be for a parameter that {@link AuthScheme#captured} names, and must fit its
   * declaration and the connector's URLs: what a callback carries may have been changed by whoever
   * held the browser. Either all values are stored or none. Store a renewed credential before
   * calling this, so that a value that does not fit cannot cost the grant.
   *
   * @param values by parameter name, without regard to case
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code CONFIGURATION} if
   *     a parameter may not be captured or a value does not fit; nothing was stored
   * @throws dev.connectorsdk.api.error.ConflictException if somebody else kept changing the
   *     connection, or changed its auth option
   * @throws dev.connectorsdk.api.error.NotFoundException if the connection was deleted
   */
  void capture(Map<String, String> values);

  /**
   * Stores which scopes a renewed credential has, as {@link
   * dev.connectorsdk.api.Connection#grantedScopes}: a service may grant fewer or more than at the
   * sign-in. Telling the same again costs one read of the store. Does nothing for a connection that
   * nobody signs in for.
   *
   * @param scopes all that the credential has now; not empty
   */
  default void granted(List<String> scopes) {}

  /** Returns where tokens and other acquired credentials are kept, encrypted. */
  CredentialVault vault();

  /**
   * Returns where the client is kept, encrypted, that a sign-in has registered for this connection
   * alone. It outlives the credentials; a change takes effect at the next sign-in.
   *
   * @throws UnsupportedOperationException by default
   */
  default CredentialVault clientVault() {
    throw new UnsupportedOperationException("No client can be registered here");
  }

  /**
   * Returns the name under which a sign-in registers a client, which people see when they sign in:
   * the host application's, or by default that of the connector.
   */
  default String clientName() {
    return connector().value();
  }

  /**
   * Returns an HTTP client for the endpoints that the scheme declares. It adds no credentials,
   * follows no redirects and repeats nothing. Unless the host sets other limits, it takes 5 s to
   * connect, 20 s for a whole request, and 256 KiB of an answer. The strategy itself sets the
   * header {@code Authorization}.
   */
  ConnectorHttp http();

  /** Returns the clock by which expiry is judged. */
  Clock clock();

  /** Returns a source of unpredictable numbers. */
  RandomGenerator random();

  /** Returns how to wait before something is tried again. */
  default Sleeper sleeper() {
    return pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  /**
   * Returns the executor for work that several callers wait for. The work has a thread of its own,
   * so that no caller's interruption or deadline ends it. New work is rejected once the runtime is
   * closing. The default runs the work on the calling thread.
   */
  default Executor executor() {
    return Runnable::run;
  }

  /**
   * Reports that a credential could not be replaced, so that the connection's status and listeners
   * learn of it. Call it once for each attempt, however many callers wait for it. An exception that
   * reaches a caller need not be reported.
   */
  default void refreshFailed(ConnectorException failure) {}
}
