package dev.connectorsdk.consent;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.ConsentException;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/**
 * A sign-in that has begun on another device; RFC 8628. Show the user {@link #userCode} and {@link
 * #verificationUri}, and {@linkplain #await wait}. One thread waits, once.
 *
 * <pre>{@code
 * PendingDeviceConsent pending = runtime.consents().beginDevice(ada, spec);
 * say("Open " + pending.verificationUri() + " and enter " + pending.userCode());
 * Connection connection = pending.await().connection();
 * }</pre>
 */
public interface PendingDeviceConsent {

  /** Returns the connection that the sign-in is for. */
  ConnectionId connection();

  /** Returns what the user enters: for this user only, and not for logs. */
  String userCode();

  /** Returns where the user enters it. */
  URI verificationUri();

  /** Returns the same address with the code in it, for a QR code, if the service has one. */
  Optional<URI> verificationUriComplete();

  /** Returns until when the user can sign in. */
  Instant expiresAt();

  /**
   * Waits until the user has signed in. Meanwhile the service is asked at the interval that it
   * names, or every 5 s. The interval grows by 5 s each time the service answers {@code slow_down};
   * while the service cannot be reached, pauses grow to at most 1 min.
   *
   * @throws ConsentException if the user refused, did not sign in in time, or is another account
   *     than the connection's
   * @throws AuthenticationException if asking again would not help
   * @throws InterruptedException at once if the thread is interrupted; the sign-in is then over
   */
  CompletedConsent await() throws InterruptedException;
}
