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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of the ways to authenticate that a connector declares. A connection chooses one.
 *
 * <p>An option is data: the {@link AuthScheme} says how requests become authenticated, and the
 * runtime finds the {@link dev.connectorsdk.api.auth.AuthStrategy} that knows the scheme.
 * Immutable: each method that changes something returns a copy.
 */
public final class AuthOption {

  /**
   * An answer by which a service refuses a credential.
   *
   * @param status of the answer
   * @param place where it says so: a JSON pointer, or {@code header:Name}; {@code null} if the
   *     status says it
   * @param values what it says there; empty for anything
   */
  public record RefusingAnswer(int status, @Nullable String place, Set<String> values) {

    /**
     * @throws IllegalArgumentException if the status is none of an answer, or one of a success that
     *     nothing else tells from others, or the place is none
     */
    public RefusingAnswer {
      values = Set.copyOf(values);
      if (status < 200 || status > 599) {
        throw new IllegalArgumentException("No answer has the status " + status);
      }
      if (place == null && status < 300) {
        throw new IllegalArgumentException(
            "Every answer with status " + status + " would refuse the credential: name a place");
      }
      if (place != null && !place.startsWith("/") && !place.startsWith("header:")) {
        throw new IllegalArgumentException(
            "A place is a JSON pointer or header:Name, not '" + place + "'");
      }
    }
  }

  private final String id;
  private final String title;
  private final AuthScheme scheme;
  private final List<ConnectionParameter> extraParameters;
  private final @Nullable Boolean shareable;
  private final List<RefusingAnswer> refusingAnswers;
  private final boolean needsGateway;

  private AuthOption(
      String id,
      String title,
      AuthScheme scheme,
      List<ConnectionParameter> extraParameters,
      @Nullable Boolean shareable,
      List<RefusingAnswer> refusingAnswers,
      boolean needsGateway) {
    Names.require("Id of an auth option", id);
    this.id = id;
    this.title = title;
    this.scheme = scheme;
    this.extraParameters = List.copyOf(extraParameters);
    this.shareable = shareable;
    this.refusingAnswers = List.copyOf(refusingAnswers);
    this.needsGateway = needsGateway;
  }

  /** Returns an option with its own id, for any scheme, home-made ones included. */
  public static AuthOption of(String id, AuthScheme scheme) {
    return new AuthOption(
        id, id, Objects.requireNonNull(scheme, "scheme"), List.of(), null, List.of(), false);
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
    return new AuthOption(
        id, title, scheme, extraParameters, shareable, refusingAnswers, needsGateway);
  }

  /** Returns a copy with the label that a form shows. */
  public AuthOption titled(String title) {
    return new AuthOption(
        id, title, scheme, extraParameters, shareable, refusingAnswers, needsGateway);
  }

  /** Returns a copy with another scheme; all else stays as it was said. */
  public AuthOption with(AuthScheme scheme) {
    return new AuthOption(
        id, title, scheme, extraParameters, shareable, refusingAnswers, needsGateway);
  }

  /** Returns a copy with further parameters, besides those of its scheme. */
  public AuthOption asking(ConnectionParameter... parameters) {
    List<ConnectionParameter> all = new ArrayList<>(extraParameters);
    all.addAll(Arrays.asList(parameters));
    return new AuthOption(id, title, scheme, all, shareable, refusingAnswers, needsGateway);
  }

  /**
   * Returns a copy for a service that refuses a credential by an answer of this status, besides 401
   * and a 403 whose challenge is {@code invalid_token}. Such an answer has the credential renewed
   * and the request sent again, whatever its effect, where that can help; else the call fails with
   * an {@link dev.connectorsdk.api.error.AuthenticationException}, reason {@code REJECTED}.
   *
   * @throws IllegalArgumentException if it is no status, or that of a success
   */
  public AuthOption refusedBy(int status) {
    return refusedBy(new RefusingAnswer(status, null, Set.of()));
  }

  /**
   * Returns a copy like that of {@link #refusedBy(int)} for answers that say so in a place, which
   * may be successes: {@code refusedBy(200, "/error", "token_expired")}.
   *
   * <p>Of a success that is downloaded or read by an {@linkplain
   * dev.connectorsdk.api.http.ConnectorHttp#unwrap unwrapped client} the first 64 KiB are looked
   * at, if it is JSON, text or of no type. An unwrapped client gets it as it is if a renewed
   * credential is refused, too.
   *
   * @param place a JSON pointer, or {@code header:Name}
   * @param values one of which is there; none for anything but {@code null}
   * @throws IllegalArgumentException if it is no status, or the place is none
   */
  public AuthOption refusedBy(int status, String place, String... values) {
    Objects.requireNonNull(place, "place");
    return refusedBy(new RefusingAnswer(status, place, Set.of(values)));
  }

  private AuthOption refusedBy(RefusingAnswer answer) {
    List<RefusingAnswer> all = new ArrayList<>(refusingAnswers);
    all.add(answer);
    return new AuthOption(id, title, scheme, extraParameters, shareable, all, needsGateway);
  }

  /**
   * Returns a copy that says whether connections made this way go along when an app is shared,
   * whatever follows from its scheme.
   */
  public AuthOption shareable(boolean shareable) {
    return new AuthOption(
        id, title, scheme, extraParameters, shareable, refusingAnswers, needsGateway);
  }

  /**
   * Returns a copy whose connections have to lead through a gateway, because only an inside network
   * reaches the service.
   */
  public AuthOption throughGateway() {
    return new AuthOption(id, title, scheme, extraParameters, shareable, refusingAnswers, true);
  }

  /** Returns whether connections made this way have to lead through a gateway. */
  public boolean needsGateway() {
    return needsGateway;
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

  /** Returns the answers, besides the usual ones, by which the service refuses a credential. */
  public List<RefusingAnswer> refusingAnswers() {
    return refusingAnswers;
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
