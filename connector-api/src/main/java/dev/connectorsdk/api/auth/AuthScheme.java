package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.List;
import java.util.Set;

/**
 * A connector's declaration of how its requests become authenticated: data without secrets.
 *
 * <p>Implementations are immutable. The runtime picks the {@link AuthStrategy} by the class of the
 * scheme.
 */
public interface AuthScheme {

  /** Returns the parameters that the scheme needs from a connection; by default none. */
  default List<ConnectionParameter> parameters() {
    return List.of();
  }

  /**
   * Returns templates of URLs that the strategy itself calls, such as a token endpoint, with
   * connection parameters in braces. The strategy can reach their origins and no others.
   */
  default List<String> endpoints() {
    return List.of();
  }

  /**
   * Returns those of {@link #endpoints} that get a secret of the host's registered client; by
   * default all of them. Their hosts must be fixed by the connector's author or the host
   * application: the owner of a connection must not choose them.
   */
  default List<String> clientEndpoints() {
    return endpoints();
  }

  /**
   * Returns those of {@link #endpoints} that get one of these values of the host's registered
   * client; see {@link ClientRegistration#with}. By default all of them.
   */
  default List<String> endpointsWith(Set<String> values) {
    return endpoints();
  }

  /**
   * Returns whether requests to the service itself carry one of these values of the host's
   * registered client. Such requests go only to hosts that the connector's author or the host
   * application has fixed.
   */
  default boolean sendsToService(Set<String> values) {
    return false;
  }

  /**
   * Returns whether somebody has to sign in before a connection works. Such a connection starts as
   * {@code UNAUTHENTICATED}, and a sign-in makes it usable.
   */
  default boolean needsConsent() {
    return false;
  }

  /**
   * Returns what makes it weaker than it could be, each as a short text, for people who decide
   * whether to allow it; by default nothing.
   */
  default List<String> weaknesses() {
    return List.of();
  }

  /**
   * Returns the names of the connection parameters whose values the service may give, in a callback
   * or a token answer; see {@link AuthContext#capture}. The connector or the auth option declares
   * them. Nobody has to enter them when a connection is made, even if they are required. A
   * parameter that decides about a host needs a pattern or a list of choices.
   */
  default Set<String> captured() {
    return Set.of();
  }
}
