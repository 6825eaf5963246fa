package dev.connectorsdk.consent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in is to be like, where it differs from the usual. Immutable: each method returns a
 * copy.
 *
 * <pre>{@code
 * ConsentOptions.standard().plusScopes("tickets.write").returnTo("/tickets/7")
 * }</pre>
 */
public final class ConsentOptions {

  private static final ConsentOptions STANDARD =
      new ConsentOptions(null, List.of(), Map.of(), null, false);

  private final @Nullable List<String> scopes;
  private final List<String> moreScopes;
  private final Map<String, String> parameters;
  private final @Nullable String returnTo;
  private final boolean otherAccountAllowed;

  private ConsentOptions(
      @Nullable List<String> scopes,
      List<String> moreScopes,
      Map<String, String> parameters,
      @Nullable String returnTo,
      boolean otherAccountAllowed) {
    this.scopes = scopes;
    this.moreScopes = moreScopes;
    this.parameters = parameters;
    this.returnTo = returnTo;
    this.otherAccountAllowed = otherAccountAllowed;
  }

  /**
   * Returns the usual: the scopes that the connector declares, or that the connection's last
   * sign-in asked for; the same account as before.
   */
  public static ConsentOptions standard() {
    return STANDARD;
  }

  /** Returns a copy that asks for exactly these scopes, fewer or others than usual. */
  public ConsentOptions scopes(String... scopes) {
    return new ConsentOptions(
        List.of(scopes), moreScopes, parameters, returnTo, otherAccountAllowed);
  }

  /**
   * Returns a copy that asks for these scopes besides: besides those that are usual, and those that
   * the connection was granted already.
   */
  public ConsentOptions plusScopes(String... scopes) {
    List<String> more = new ArrayList<>(moreScopes);
    more.addAll(List.of(scopes));
    return new ConsentOptions(
        this.scopes, List.copyOf(more), parameters, returnTo, otherAccountAllowed);
  }

  /**
   * Returns a copy that adds a parameter to the authorization request, such as {@code login_hint}
   * or {@code prompt}. It replaces none of the protocol's own.
   */
  public ConsentOptions parameter(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(value, "value"));
    return new ConsentOptions(scopes, moreScopes, Map.copyOf(more), returnTo, otherAccountAllowed);
  }

  /**
   * Returns a copy that remembers where the user wants to be afterwards: a path of the host, such
   * as {@code /tickets/7}, or a URL on an origin that the runtime's builder allows. It is kept on
   * this side and never travels through the service.
   *
   * @param returnTo may come from the browser: {@code begin} checks it
   */
  public ConsentOptions returnTo(@Nullable String returnTo) {
    return new ConsentOptions(scopes, moreScopes, parameters, returnTo, otherAccountAllowed);
  }

  /**
   * Returns a copy that lets the connection become another account's. Without it, a sign-in as
   * another account is refused and the connection goes on as it was.
   */
  public ConsentOptions allowingOtherAccount() {
    return new ConsentOptions(scopes, moreScopes, parameters, returnTo, true);
  }

  /** Returns the scopes to ask for and no others, or {@code null} for the usual ones. */
  public @Nullable List<String> exactScopes() {
    return scopes;
  }

  /** Returns the scopes to ask for besides. */
  public List<String> additionalScopes() {
    return moreScopes;
  }

  /** Returns the parameters to add to the authorization request. */
  public Map<String, String> requestParameters() {
    return parameters;
  }

  /**
   * Returns where the user wants to be afterwards, unchecked, or {@code null} if nothing was said.
   */
  public @Nullable String returnTo() {
    return returnTo;
  }

  /** Returns whether the connection may become another account's. */
  public boolean isOtherAccountAllowed() {
    return otherAccountAllowed;
  }
}
