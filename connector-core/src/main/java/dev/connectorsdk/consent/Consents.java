package dev.connectorsdk.consent;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ConsentException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionSpec;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lets users sign in at a service: begin, send the browser to the link, complete. Safe for use by
 * several threads; what is pending is in the store, encrypted, so another process can complete it.
 *
 * <pre>{@code
 * PendingConsent pending = runtime.consents().begin(ada.in("prod"), spec, session.getId());
 * response.sendRedirect(pending.authorizationUrl().toString());
 * // ... and where the redirect URI of the client leads:
 * CompletedConsent done =
 *     runtime.consents().complete(ada, redirectUri, request.getQueryString(), session.getId());
 * }</pre>
 *
 * <p>A sign-in can be completed once, within 10 minutes, by the user and in the browser session
 * that began it (RFC 9700 section 4.7). The path of the redirect URI names the connector, such as
 * {@code https://app.example.com/callback/tickets}, and the callback must arrive at the very URI
 * that was used (RFC 9700 section 4.4). The package says more.
 */
public interface Consents {

  /** Makes a connection and begins the usual sign-in for it. */
  PendingConsent begin(Caller caller, ConnectionSpec spec, String browserSession);

  /**
   * Makes a connection and begins the sign-in for it. The connection is there at once and stays
   * until somebody deletes it: unauthenticated, and used by no call, if nobody completes the
   * sign-in. Begin again for its id rather than for another connection.
   *
   * @param browserSession what identifies the user's browser session at the host, such as its
   *     session id; kept as a hash
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter or {@code returnTo}
   *     does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException if the service could not be asked to
   *     begin, or no client is registered
   * @throws IllegalArgumentException if the auth option has no sign-in, or neither the client nor
   *     the options name a redirect URI that can be used
   */
  PendingConsent begin(
      Caller caller, ConnectionSpec spec, String browserSession, ConsentOptions options);

  /** Begins the usual sign-in for a connection that exists, to fix it. */
  PendingConsent begin(Caller caller, ConnectionId connection, String browserSession);

  /**
   * Begins a sign-in for a connection that exists: to fix it, or to ask for more. Its credentials
   * stay and work until the sign-in is completed, as the same account unless the options say
   * otherwise. It repairs a connection whose credentials cannot be read any more, too, unless
   * values that its owner entered have to be entered again first.
   *
   * @throws NotFoundException if the caller has no such connection
   * @throws dev.connectorsdk.api.error.SecretUnreadableException naming values that have to be
   *     entered again, with {@code Connections.update}, before somebody signs in
   * @throws dev.connectorsdk.api.error.InvalidInputException if {@code returnTo} does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException as for a new connection
   * @throws IllegalArgumentException as for a new connection
   */
  PendingConsent begin(
      Caller caller, ConnectionId connection, String browserSession, ConsentOptions options);

  /**
   * Makes a connection and has the user sign in with a browser on this very machine, as a command
   * line does it; RFC 8252 section 7.3. Opens a port of 127.0.0.1, to which the browser comes back:
   * {@code http://127.0.0.1:port/callback/connector}, with a port that is free.
   *
   * @param browser gets the link: opens it, or prints it for the user to open
   * @param timeout how long to wait for the user
   * @throws ConsentException if the user did not come back in time, and as {@link #complete} says;
   *     the connection is deleted again
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException as {@code begin} and {@code
   *     complete} say
   * @throws InterruptedException at once if the thread is interrupted
   */
  CompletedConsent signInHere(
      Caller caller,
      ConnectionSpec spec,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException;

  /**
   * Has the user sign in with a browser on this machine for a connection that exists, to fix it or
   * to ask for more.
   */
  CompletedConsent signInHere(
      Caller caller,
      ConnectionId connection,
      ConsentOptions options,
      Duration timeout,
      Consumer<URI> browser)
      throws InterruptedException;

  /** Makes a connection and begins the usual sign-in on another device for it. */
  PendingDeviceConsent beginDevice(Caller caller, ConnectionSpec spec);

  /**
   * Makes a connection and begins a sign-in for it on another device; RFC 8628. For programs
   * without a browser. Show the code and the address to the user, then wait; only this process can
   * wait for it.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a parameter does not fit
   * @throws dev.connectorsdk.api.error.AuthenticationException if the service could not be asked to
   *     begin, or no client is registered
   * @throws IllegalArgumentException if the auth option has no such sign-in
   */
  PendingDeviceConsent beginDevice(Caller caller, ConnectionSpec spec, ConsentOptions options);

  /** Begins a sign-in on another device for a connection that exists, to fix it. */
  PendingDeviceConsent beginDevice(Caller caller, ConnectionId connection, ConsentOptions options);

  /**
   * Completes a sign-in and returns the connection, tested if its connector has a test. It is in
   * the environment in which the sign-in was begun.
   *
   * @param principal the user who began it
   * @param callback the full URL that the browser was sent to, query included
   * @param browserSession the same as at the beginning
   * @throws ConsentException if the callback belongs to no pending sign-in of this user and
   *     session, the connection was changed meanwhile, the user or the service refused, or somebody
   *     signed in as another account; nothing was stored, and what the connection had still works
   * @throws dev.connectorsdk.api.error.AuthenticationException if the code could not be exchanged,
   *     and beginning again would not help
   * @throws NotFoundException if the connection was deleted meanwhile
   */
  CompletedConsent complete(Principal principal, URI callback, String browserSession);

  /**
   * Completes a sign-in like {@link #complete(Principal, URI, String)}, with the query as it
   * arrived. Browsers send characters that no {@link URI} takes, whose exceptions quote the code.
   *
   * @param address where the callback arrived; a query in it does not count
   * @param query as a servlet's {@code getQueryString()} returns it, not decoded; {@code null} for
   *     none
   */
  CompletedConsent complete(
      Principal principal, URI address, @Nullable String query, String browserSession);
}
