package dev.connectorsdk.api.auth;

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
}
