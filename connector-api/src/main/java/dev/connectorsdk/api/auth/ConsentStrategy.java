package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A strategy whose connections work only after somebody has signed in at the service.
 *
 * <p>The runtime makes the {@code state}, keeps it single-use and time-limited, binds it to
 * principal and browser session, and checks all that before it calls {@link #complete}.
 *
 * @param <S> the scheme it handles
 */
public interface ConsentStrategy<S extends AuthScheme> extends AuthStrategy<S> {

  /**
   * Prepares a sign-in.
   *
   * @param redirectUri where the service sends the browser back to
   * @param state to be returned by the service unchanged
   */
  ConsentStart begin(S scheme, AuthContext context, URI redirectUri, String state);

  /**
   * Ends a sign-in: exchanges what the browser brought back and stores the result in {@link
   * AuthContext#vault}.
   *
   * @param redirectUri the same as at the beginning
   * @param memo what {@link #begin} asked to keep
   * @param callback the query parameters of the callback, decoded, each with its values in order
   * @throws dev.connectorsdk.api.error.AuthenticationException if the service or the user refused
   */
  void complete(
      S scheme,
      AuthContext context,
      URI redirectUri,
      Map<String, Secret> memo,
      Map<String, List<String>> callback);

  /**
   * A prepared sign-in.
   *
   * @param authorizationUrl where to send the user's browser
   * @param memo what to keep, encrypted, until the browser comes back
   */
  record ConsentStart(URI authorizationUrl, Map<String, Secret> memo) {

    public ConsentStart {
      memo = Map.copyOf(memo);
    }

    /** Returns a text without the URL, which carries the state. */
    @Override
    public String toString() {
      return "ConsentStart at " + authorizationUrl.getHost();
    }
  }
}
