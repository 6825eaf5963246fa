package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.spi.Sleeper;
import java.net.URI;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What a strategy gets to know about the connection it works for. Safe for several threads. */
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
   * Keeps what the service told about the connection, such as its region or an instance's URL, as
   * parameters of the connection. This context has the values at once, calls that begin later have
   * them too; telling the same again costs one read of the store.
   *
   * <p>Only parameters that {@link AuthScheme#captured} names are taken, and only values that fit
   * their declaration and the connector's URLs: what comes from a callback may have been edited by
   * whoever held the browser. All are kept or none. Store a renewed credential before calling this,
   * so that a value which does not fit cannot cost a grant.
   *
   * @param values by parameter name, without regard to case
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code CONFIGURATION} if
   *     a parameter may not be told or a value does not fit; nothing was kept
   * @throws dev.connectorsdk.api.error.ConflictException if somebody else kept changing the
   *     connection, or changed its auth option
   * @throws dev.connectorsdk.api.error.NotFoundException if the connection was deleted
   */
  void capture(Map<String, String> values);

  /** Returns where tokens and other acquired credentials are kept, encrypted. */
  CredentialVault vault();

  /**
   * Returns where a client is kept that a sign-in has registered for this connection alone,
   * encrypted. It outlives credentials, and what it holds counts for later sign-ins only.
   *
   * @throws UnsupportedOperationException by default
   */
  default CredentialVault clientVault() {
    throw new UnsupportedOperationException("No client can be registered here");
  }

  /**
   * Returns what people are to see as the name of a client that registers itself: the host's, or
   * that of the connector.
   */
  default String clientName() {
    return connector().value();
  }

  /**
   * Returns a way to the endpoints that the scheme declares, without credentials, redirects or
   * retries, and with tight limits: unless the host sets others, 5 s to connect, 20 s for all, 256
   * KiB. The header {@code Authorization} is the strategy's to set here.
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
   * Returns where work runs that several callers wait for, or none: on a thread of its own, so that
   * no caller's interruption or deadline ends it. It is rejected once the runtime is closing. By
   * default it runs on the calling thread.
   */
  default Executor executor() {
    return Runnable::run;
  }

  /**
   * Tells the runtime that a credential could not be replaced, so that the connection's status
   * follows and listeners hear of it: once for each attempt, however many callers it fails. What is
   * thrown to a caller instead is noticed anyway.
   */
  default void refreshFailed(ConnectorException failure) {}

  /**
   * Tells the runtime that what the vault held at a version leads to no other credential any more.
   * The connection's status follows unless the vault holds something else by now: another process
   * may have been the one that got the next credential, and store it late.
   *
   * <p>Once a strategy has called this for a connection, a thrown {@code GRANT_ENDED} moves no
   * status by itself.
   *
   * @param version of the vault
   * @param failure with reason {@code GRANT_ENDED}
   */
  default void credentialEnded(long version, AuthenticationException failure) {}
}
