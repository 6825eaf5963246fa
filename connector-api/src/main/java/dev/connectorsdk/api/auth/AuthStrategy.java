package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The code behind one type of {@link AuthScheme}.
 *
 * <p>A strategy is shared by all connections and threads and keeps no state; what belongs to a
 * connection is in the {@link Authenticator}. The runtime has strategies for the schemes of this
 * package; others are passed to its builder.
 *
 * @param <S> the scheme it handles
 */
public interface AuthStrategy<S extends AuthScheme> {

  /** Returns the type of scheme that this strategy handles; exactly this class, no subclass. */
  Class<S> schemeType();

  /**
   * Returns what authenticates the requests of one connection. Called again after the connection
   * was changed. Does no I/O: tokens are fetched when the first request needs one.
   *
   * @param context valid as long as the authenticator is used
   */
  Authenticator open(S scheme, AuthContext context);

  /**
   * Returns the client certificate of the connection for TLS handshakes; by default none. The
   * runtime presents it to the origins of the connection and to the endpoints of the scheme, over
   * TLS connections that no other connection uses, and only while it is valid. Which servers are
   * trusted is still the host application's decision. Called once each time a connection is opened;
   * does no I/O.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException naming the parameter that cannot be
   *     read
   */
  default Optional<ClientCertificate> clientCertificate(S scheme, AuthContext context) {
    return Optional.empty();
  }

  /**
   * Asks the service to revoke the credentials in {@link AuthContext#vault}, because the connection
   * is about to be deleted. The connection is deleted even if this fails.
   *
   * @param context its {@link AuthContext#http} ends 10 s after this method was called, however
   *     many requests are made; give each of them its share with {@link
   *     dev.connectorsdk.api.http.HttpCall#timeout}
   * @return {@code NONE} by default
   * @throws dev.connectorsdk.api.error.ConnectorException if the service did not confirm it
   */
  default Revocation revoke(S scheme, AuthContext context) {
    return Revocation.NONE;
  }

  /**
   * Returns whether {@link Authenticator#keepAlive} has something to do for credentials that are
   * about to be stored, and from when on it counts how long they are unused. The runtime keeps that
   * beside them, unencrypted, and opens a connection to keep it alive only when its time has come.
   *
   * <p>By default it is {@linkplain Renewal#UNKNOWN unknown}: then {@code keepAlive} is called each
   * time. Does no I/O.
   *
   * @param acquired what {@link AuthContext#vault} is to hold; empty if nothing is acquired
   */
  default Renewal renewal(Map<String, Secret> acquired) {
    return Renewal.UNKNOWN;
  }

  /**
   * Whether acquired credentials have to be renewed lest they expire unused.
   *
   * @param isKnown whether anybody has said so
   * @param since when they were last renewed; {@code null} if that is not known or they never are
   */
  record Renewal(boolean isKnown, @Nullable Instant since) {

    /** Nobody has said so: whoever wants to know has to look at the credentials. */
    public static final Renewal UNKNOWN = new Renewal(false, null);

    /** They are never renewed, or do not end for want of it. */
    public static final Renewal NEVER = new Renewal(true, null);

    /**
     * Checks that nothing is known of what is not.
     *
     * @throws IllegalArgumentException if it has a time and is not known
     */
    public Renewal {
      if (!isKnown && since != null) {
        throw new IllegalArgumentException("What was renewed at " + since + " is known");
      }
    }

    // Written out: what the JVM makes for records costs a part of each start.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Renewal that
          && that.isKnown == isKnown
          && Objects.equals(that.since, since);
    }

    @Override
    public int hashCode() {
      return 31 * Boolean.hashCode(isKnown) + Objects.hashCode(since);
    }

    /** Returns that they were renewed, or acquired, at {@code then}, and are to be again. */
    public static Renewal at(Instant then) {
      return new Renewal(true, Objects.requireNonNull(then, "then"));
    }
  }

  /** What became of a connection's credentials at the service. */
  enum Revocation {
    /** There was nothing to revoke, or the service has no way to. */
    NONE,
    /** The service has confirmed that they no longer work. */
    CONFIRMED
  }
}
