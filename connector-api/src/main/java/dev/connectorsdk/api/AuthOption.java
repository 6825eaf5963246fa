package dev.connectorsdk.api;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AwsSignatureScheme;
import dev.connectorsdk.api.auth.AzureSharedKeyScheme;
import dev.connectorsdk.api.auth.BasicScheme;
import dev.connectorsdk.api.auth.BearerScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.NoneScheme;
import dev.connectorsdk.api.auth.OAuth1Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways to authenticate that a connector declares. A connection chooses one.
 *
 * <p>An option is data: the {@link AuthScheme} says how requests become authenticated, and the
 * runtime finds the {@link dev.connectorsdk.api.auth.AuthStrategy} that knows the scheme.
 * Immutable: each method that changes something returns a copy.
 */
public final class AuthOption {

  private final String id;
  private final String title;
  private final AuthScheme scheme;
  private final List<ConnectionParameter> extraParameters;
  private final @Nullable Boolean shareable;

  private AuthOption(
      String id,
      String title,
      AuthScheme scheme,
      List<ConnectionParameter> extraParameters,
      @Nullable Boolean shareable) {
    Names.require("Id of an auth option", id);
    this.id = id;
    this.title = title;
    this.scheme = scheme;
    this.extraParameters = List.copyOf(extraParameters);
    this.shareable = shareable;
  }

  /** Returns an option with its own id, for any scheme, home-made ones included. */
  public static AuthOption of(String id, AuthScheme scheme) {
    return new AuthOption(id, id, Objects.requireNonNull(scheme, "scheme"), List.of(), null);
  }

  /** Returns the option {@code none}: requests go out as they are. */
  public static AuthOption none() {
    return of("none", NoneScheme.INSTANCE).titled("No authentication");
  }

  /** Returns the option {@code basic}: parameters {@code username} and {@code password}. */
  public static AuthOption basic() {
    return of("basic", BasicScheme.standard()).titled("User name and password");
  }

  /** Returns the option {@code apiKey}: parameter {@code api_key}, sent in this header as it is. */
  public static AuthOption apiKeyHeader(String header) {
    return of("apiKey", ApiKeyScheme.header(header)).titled("API key");
  }

  /** Returns the option {@code apiKey}: parameter {@code api_key}, sent as a query parameter. */
  public static AuthOption apiKeyQuery(String parameter) {
    return of("apiKey", ApiKeyScheme.query(parameter)).titled("API key");
  }

  /** Returns the option {@code bearer}: parameter {@code token}, sent as RFC 6750 says. */
  public static AuthOption bearer() {
    return of("bearer", BearerScheme.standard()).titled("Access token");
  }

  /** Returns the option {@code certificate}: a TLS client certificate of the connection's own. */
  public static AuthOption certificate(ClientCertificateScheme scheme) {
    return of("certificate", scheme).titled("Client certificate");
  }

  /** Returns the option {@code sharedKey}: an account of Azure Storage and one of its keys. */
  public static AuthOption azureSharedKey(AzureSharedKeyScheme scheme) {
    return of("sharedKey", scheme).titled("Access key");
  }

  /** Returns the option {@code aws}: requests signed with an AWS access key. */
  public static AuthOption aws(AwsSignatureScheme scheme) {
    return of("aws", scheme).titled("AWS access key");
  }

  /** Returns the option {@code oauth1}: requests signed with OAuth 1.0 credentials. */
  public static AuthOption oauth1(OAuth1Scheme scheme) {
    return of("oauth1", scheme).titled("OAuth 1.0 credentials");
  }

  /** Returns the option {@code signature}: requests signed as one service wants it. */
  public static AuthOption signature(SignatureScheme scheme) {
    return of("signature", scheme).titled("Signing key");
  }

  /** Returns the option {@code oauth2}. */
  public static AuthOption oauth2(OAuth2Scheme scheme) {
    return of("oauth2", scheme).titled("Sign in");
  }

  /** Returns a copy with another id, needed where a connector has two options of one kind. */
  public AuthOption named(String id) {
    return new AuthOption(id, title, scheme, extraParameters, shareable);
  }

  /** Returns a copy with the label that a form shows. */
  public AuthOption titled(String title) {
    return new AuthOption(id, title, scheme, extraParameters, shareable);
  }

  /** Returns a copy with further parameters, besides those of its scheme. */
  public AuthOption asking(ConnectionParameter... parameters) {
    List<ConnectionParameter> all = new ArrayList<>(extraParameters);
    all.addAll(Arrays.asList(parameters));
    return new AuthOption(id, title, scheme, all, shareable);
  }

  /**
   * Returns a copy that says whether connections made this way go along when an app is shared,
   * whatever follows from its scheme.
   */
  public AuthOption shareable(boolean shareable) {
    return new AuthOption(id, title, scheme, extraParameters, shareable);
  }

  /**
   * Returns whether connections made this way go along when an app is shared: as {@link #shareable}
   * says, or else unless a person signs in for them. Those of a custom connector do so only if that
   * was said.
   *
   * @param custom whether the connector is registered for some environments alone
   */
  public Sharing sharing(boolean custom) {
    if (shareable != null) {
      return shareable
          ? new Sharing(true, "The connector lets such connections be shared.")
          : new Sharing(false, "The connector does not let such connections be shared.");
    }
    if (custom) {
      return new Sharing(false, "The connector is a custom one, and does not say that they are.");
    }
    return scheme.needsConsent()
        ? new Sharing(false, "A person signs in for such a connection.")
        : new Sharing(true, "Its credential is of no person who signs in.");
  }

  /** Returns the id, unique in its connector. */
  public String id() {
    return id;
  }

  /** Returns the label that a form shows. */
  public String title() {
    return title;
  }

  /** Returns how requests become authenticated. */
  public AuthScheme scheme() {
    return scheme;
  }

  /**
   * Returns the parameters of the option: those of its scheme and those that were added. An added
   * parameter replaces one of the scheme that has the same name, whatever the case. See {@link
   * Connector#parameters(AuthOption)} for all that a connection is asked for.
   */
  public List<ConnectionParameter> parameters() {
    List<ConnectionParameter> all = new ArrayList<>();
    for (ConnectionParameter parameter : scheme.parameters()) {
      if (extraParameters.stream().noneMatch(p -> p.isNamed(parameter.name()))) {
        all.add(parameter);
      }
    }
    all.addAll(extraParameters);
    return List.copyOf(all);
  }

  @Override
  public String toString() {
    return id;
  }
}
