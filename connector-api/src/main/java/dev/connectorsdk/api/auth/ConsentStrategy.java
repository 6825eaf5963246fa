package dev.connectorsdk.api.auth;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A strategy whose connections work only after somebody has signed in at the service.
 *
 * <p>The runtime makes the {@code state}, keeps it single-use and time-limited, binds it to
 * principal, browser session and redirect URI, and checks all of that before it calls {@link
 * #complete}. What {@link #complete} puts into the vault and captures takes effect only after the
 * runtime has checked that the connection's account is still the same.
 *
 * @param <S> the scheme it handles
 */
public interface ConsentStrategy<S extends AuthScheme> extends AuthStrategy<S> {

  /** Returns the scopes that a sign-in requests by default. */
  default List<String> scopes(S scheme, AuthContext context) {
    return List.of();
  }

  /**
   * Prepares a sign-in. May call the endpoints of the scheme.
   *
   * @throws dev.connectorsdk.api.error.AuthenticationException if it cannot be begun
   */
  ConsentStart begin(S scheme, AuthContext context, ConsentRequest request);

  /**
   * Ends a sign-in: exchanges the parameters of the callback for credentials, stores these in
   * {@link AuthContext#vault}, and returns whose they are. The vault is empty at the beginning.
   *
   * @throws dev.connectorsdk.api.error.ConsentException if the user or the service refused, or the
   *     callback is malformed
   * @throws dev.connectorsdk.api.error.AuthenticationException if another sign-in would fail as
   *     well
   */
  ConsentResult complete(S scheme, AuthContext context, ConsentCallback callback);

  /**
   * Begins a sign-in on another device; RFC 8628 section 3.1.
   *
   * @throws IllegalArgumentException if the scheme has no such sign-in, which is the default
   * @throws dev.connectorsdk.api.error.AuthenticationException if it cannot be begun
   */
  default DeviceStart beginDevice(S scheme, AuthContext context, DeviceRequest request) {
    throw new IllegalArgumentException("The scheme has no sign-in on another device");
  }

  /**
   * Asks once whether the user has signed in, and if so stores the result as {@link #complete}
   * does. The runtime decides when to ask.
   *
   * @throws dev.connectorsdk.api.error.ConsentException if the user refused, or the code expired
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code TEMPORARY} if the
   *     answer may be another one later, with another reason if not
   */
  default DeviceAnswer pollDevice(S scheme, AuthContext context, DeviceStart start) {
    throw new IllegalArgumentException("The scheme has no sign-in on another device");
  }

  /**
   * What a sign-in on another device is to be for.
   *
   * @param scopes to ask for, in this order; empty to ask for none in particular
   * @param acceptsNewEndpoints as for a {@link ConsentRequest}
   */
  record DeviceRequest(List<String> scopes, boolean acceptsNewEndpoints) {

    public DeviceRequest {
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * A sign-in that has begun on another device.
   *
   * @param deviceCode for the service only
   * @param userCode what the user enters
   * @param verificationUri where: https, or http on this machine
   * @param verificationUriComplete the same with the code in it, or {@code null}
   * @param interval how long to wait between two questions at least
   * @param expiresIn how long the codes are good for
   * @param memo what the strategy needs again when it asks
   */
  record DeviceStart(
      Secret deviceCode,
      String userCode,
      URI verificationUri,
      @Nullable URI verificationUriComplete,
      Duration interval,
      Duration expiresIn,
      Map<String, Secret> memo) {

    public DeviceStart {
      memo = Map.copyOf(memo);
    }

    /** Returns a text without the codes. */
    @Override
    public String toString() {
      return "DeviceStart at " + verificationUri.getHost();
    }
  }

  /**
   * What the service says of a sign-in on another device.
   *
   * @param result what came of it, or {@code null} if the user has yet to sign in
   * @param slowDown whether it was asked too often
   */
  record DeviceAnswer(@Nullable ConsentResult result, boolean slowDown) {

    /** The user has yet to sign in. */
    public static final DeviceAnswer PENDING = new DeviceAnswer(null, false);

    /** The user has yet to sign in, and the service is to be asked less often. */
    public static final DeviceAnswer SLOW_DOWN = new DeviceAnswer(null, true);
  }

  /**
   * What a sign-in is to be for.
   *
   * @param redirectUri where the service sends the browser back to
   * @param state to be returned by the service unchanged
   * @param scopes to ask for, in this order; empty to ask for none in particular
   * @param parameters to add to the authorization request, such as {@code login_hint}; they replace
   *     none of the protocol's own
   * @param acceptsNewEndpoints whether the service may have other endpoints than at the last
   *     sign-in of the connection
   */
  record ConsentRequest(
      URI redirectUri,
      String state,
      List<String> scopes,
      Map<String, String> parameters,
      boolean acceptsNewEndpoints) {

    public ConsentRequest {
      Objects.requireNonNull(redirectUri, "redirectUri");
      Objects.requireNonNull(state, "state");
      scopes = List.copyOf(scopes);
      parameters = Map.copyOf(parameters);
    }

    /** A sign-in at the same endpoints as before. */
    public ConsentRequest(
        URI redirectUri, String state, List<String> scopes, Map<String, String> parameters) {
      this(redirectUri, state, scopes, parameters, false);
    }

    /** Returns a text without the state. */
    @Override
    public String toString() {
      return "ConsentRequest[" + redirectUri + ", " + scopes + "]";
    }
  }

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

  /**
   * What the browser brought back.
   *
   * @param redirectUri the same as at the beginning
   * @param memo what {@link #begin} asked to keep
   * @param parameters the query, decoded, each with its values in order; written by whoever held
   *     the browser
   */
  record ConsentCallback(
      URI redirectUri, Map<String, Secret> memo, Map<String, List<String>> parameters) {

    public ConsentCallback {
      memo = Map.copyOf(memo);
      parameters = Map.copyOf(parameters);
    }

    /** Returns a text without what the browser brought. */
    @Override
    public String toString() {
      return "ConsentCallback[" + redirectUri + ", " + parameters.keySet() + "]";
    }
  }

  /**
   * What came of a sign-in.
   *
   * @param account who signed in, or {@code null} if the service did not say; its id is the same
   *     each time
   * @param issuer the issuer of the account's id, or {@code null} if there is only one
   * @param grantedScopes what the service said it granted; empty if it did not say
   */
  record ConsentResult(
      @Nullable Account account, @Nullable String issuer, List<String> grantedScopes) {

    public ConsentResult {
      grantedScopes = List.copyOf(grantedScopes);
    }

    /** Returns the result of a service that names neither an account nor scopes. */
    public static ConsentResult unsaid() {
      return new ConsentResult(null, null, List.of());
    }
  }
}
