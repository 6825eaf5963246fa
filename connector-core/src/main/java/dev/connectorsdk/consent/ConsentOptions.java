package dev.connectorsdk.consent;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Settings for one sign-in. Immutable: each method returns a copy.
 *
 * <pre>{@code
 * ConsentOptions.standard().plusScopes("tickets.write").returnTo("/tickets/7")
 * }</pre>
 */
public final class ConsentOptions {

  private static final ConsentOptions STANDARD = new ConsentOptions(new Draft());

  private final @Nullable List<String> scopes;
  private final List<String> moreScopes;
  private final Map<String, String> parameters;
  private final @Nullable URI redirectUri;
  private final @Nullable String returnTo;
  private final boolean otherAccountAllowed;
  private final boolean newEndpointsAccepted;

  private ConsentOptions(Draft draft) {
    this.scopes = draft.scopes;
    this.moreScopes = draft.moreScopes;
    this.parameters = draft.parameters;
    this.redirectUri = draft.redirectUri;
    this.returnTo = draft.returnTo;
    this.otherAccountAllowed = draft.otherAccountAllowed;
    this.newEndpointsAccepted = draft.newEndpointsAccepted;
  }

  private static final class Draft {
    private @Nullable List<String> scopes;
    private List<String> moreScopes = List.of();
    private Map<String, String> parameters = Map.of();
    private @Nullable URI redirectUri;
    private @Nullable String returnTo;
    private boolean otherAccountAllowed;
    private boolean newEndpointsAccepted;
  }

  private ConsentOptions with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.scopes = scopes;
    draft.moreScopes = moreScopes;
    draft.parameters = parameters;
    draft.redirectUri = redirectUri;
    draft.returnTo = returnTo;
    draft.otherAccountAllowed = otherAccountAllowed;
    draft.newEndpointsAccepted = newEndpointsAccepted;
    change.accept(draft);
    return new ConsentOptions(draft);
  }

  /**
   * Returns the defaults: the scopes that the connector declares, or that the connection's last
   * sign-in asked for; the same account as before; no page to return to.
   */
  public static ConsentOptions standard() {
    return STANDARD;
  }

  /** Returns a copy that asks for exactly these scopes instead of the default ones. */
  public ConsentOptions scopes(String... scopes) {
    return with(draft -> draft.scopes = List.of(scopes));
  }

  /**
   * Returns a copy that asks for these scopes in addition to the default ones and to those that the
   * connection has been granted already.
   */
  public ConsentOptions plusScopes(String... scopes) {
    List<String> more = new ArrayList<>(moreScopes);
    more.addAll(List.of(scopes));
    return with(draft -> draft.moreScopes = List.copyOf(more));
  }

  /**
   * Returns a copy that adds a parameter to the authorization request, such as {@code login_hint}
   * or {@code prompt}. It does not replace a parameter of the protocol.
   */
  public ConsentOptions parameter(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return with(draft -> draft.parameters = Map.copyOf(more));
  }

  /**
   * Returns a copy that says where the service is to send the browser back to: one of those that
   * the client was given with {@code ClientRegistration.redirectingTo}, as it stands there. Where
   * no client is registered, or none of these were given, any that {@code redirectingTo} would
   * take.
   */
  public ConsentOptions redirectUri(URI redirectUri) {
    Objects.requireNonNull(redirectUri, "redirectUri");
    return with(draft -> draft.redirectUri = redirectUri);
  }

  /**
   * Returns a copy that remembers where to send the user afterwards: a path of the host, such as
   * {@code /tickets/7}, or a URL on an origin that {@code RuntimeBuilder.hostOrigins} names. It is
   * stored here and not sent to the service.
   *
   * @param returnTo may come from the browser, since {@code begin} checks it; {@code null} for none
   */
  public ConsentOptions returnTo(@Nullable String returnTo) {
    return with(draft -> draft.returnTo = returnTo);
  }

  /**
   * Returns a copy that allows a sign-in with another account than before. By default such a
   * sign-in is refused, and the connection stays as it was.
   */
  public ConsentOptions allowingOtherAccount() {
    return with(draft -> draft.otherAccountAllowed = true);
  }

  /**
   * Returns a copy that accepts that the issuer's metadata name endpoints elsewhere than at the
   * last sign-in of the connection. By default such a sign-in, in a browser or on another device,
   * is refused with {@code ENDPOINTS_CHANGED}: whoever can change the metadata could have tokens
   * sent elsewhere, so an administrator should have looked at it.
   */
  public ConsentOptions acceptingNewEndpoints() {
    return with(draft -> draft.newEndpointsAccepted = true);
  }

  /** Returns the only scopes to ask for, or {@code null} for the default ones. */
  public @Nullable List<String> exactScopes() {
    return scopes;
  }

  /** Returns the scopes to ask for in addition. */
  public List<String> additionalScopes() {
    return moreScopes;
  }

  /** Returns the parameters to add to the authorization request. */
  public Map<String, String> requestParameters() {
    return parameters;
  }

  /** Returns where the browser is to be sent back to, or {@code null} if the client says it. */
  public @Nullable URI redirectUri() {
    return redirectUri;
  }

  /** Returns where to send the user afterwards, unchecked, or {@code null} if that was not set. */
  public @Nullable String returnTo() {
    return returnTo;
  }

  /** Returns whether a sign-in with another account than before is allowed. */
  public boolean isOtherAccountAllowed() {
    return otherAccountAllowed;
  }

  /** Returns whether the issuer may have other endpoints than at the last sign-in. */
  public boolean areNewEndpointsAccepted() {
    return newEndpointsAccepted;
  }
}
