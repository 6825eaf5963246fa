package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.PolicyException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the client of a connection where nobody else has one, RFC 7591, and deletes it, RFC
 * 7592. The client is used again by later sign-ins of the connection, as long as it fits.
 */
final class ClientRegistrar {

  private static final Logger log = LoggerFactory.getLogger(ClientRegistrar.class);

  private static final String FROM_METADATA = "{registration_endpoint}";
  private static final Duration LONGEST_REGISTRATION = Duration.ofSeconds(15);
  private static final Duration LONGEST_DELETION = Duration.ofSeconds(3);

  /** Since when a sign-in is awaited whose client was registered for an earlier one. */
  private static final String AWAITED = "awaited_since";

  /** After which a client is doubted with which somebody has signed in no further. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final Set<String> OF_UNKNOWN_CLIENTS =
      Set.of(ErrorCodes.INVALID_CLIENT, "invalid_request", "unauthorized_client");

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final TokenEndpoint endpoint;

  ClientRegistrar(OAuth2Scheme scheme, AuthContext context, TokenEndpoint endpoint) {
    this.scheme = scheme;
    this.context = context;
    this.endpoint = endpoint;
  }

  /** The beginning of a sign-in. */
  interface Beginning<T> {
    /**
     * Begins a sign-in.
     *
     * @param client the client that was registered for it; {@code null} if it has another one
     */
    T by(@Nullable RegisteredClient client);
  }

  /**
   * Begins a sign-in with the client that it needs, and once more if the service does not know that
   * one any more.
   *
   * @param redirectUri {@code null} if no browser comes back
   * @throws StepFailure if there is no client, or as {@code beginning} does
   */
  <T> T begin(@Nullable URI redirectUri, List<String> scopes, Beginning<T> beginning) {
    RegisteredClient client = client(redirectUri, scopes);
    try {
      return beginning.by(client);
    } catch (StepFailure e) {
      doubt(context, client, e);
      if (client == null || !isUnknown(e)) {
        throw e;
      }
      return beginning.by(client(redirectUri, scopes));
    }
  }

  /** Returns whether a service says that it does not know the client, or not with this secret. */
  static boolean isUnknown(StepFailure failure) {
    return ErrorCodes.INVALID_CLIENT.equals(failure.code()) && !failure.isUnasked();
  }

  /**
   * Has the next sign-in register another client if the service may not know this one any more: not
   * every service that has forgotten a client says so by the code for that.
   */
  static void doubt(AuthContext context, @Nullable RegisteredClient client, StepFailure failure) {
    boolean isOfClient =
        failure.kind() == Kind.CLIENT_REFUSED
            || isUnknown(failure)
            || "unauthorized_client".equals(failure.code())
            || ("invalid_request".equals(failure.code()) && failure.problem().contains("client"));
    if (client != null && isOfClient && !failure.isUnasked()) {
      forget(context, client);
    }
  }

  /**
   * Does the same if a callback brings an error that a service which has forgotten the client may
   * give.
   */
  static void doubt(AuthContext context, @Nullable RegisteredClient client, String error) {
    if (client != null && OF_UNKNOWN_CLIENTS.contains(error)) {
      forget(context, client);
    }
  }

  /** Notes that somebody came back from a sign-in, so that the service knows its client. */
  static void cameBack(AuthContext context, @Nullable RegisteredClient client) {
    if (client == null) {
      return;
    }
    CredentialVault vault = context.clientVault();
    Credentials stored = vault.read();
    if (stored.values().containsKey(AWAITED)) {
      Map<String, Secret> values = new LinkedHashMap<>(stored.values());
      values.remove(AWAITED);
      vault.replace(stored.version(), values);
    }
  }

  /** Has the next sign-in register another client. */
  static void forget(AuthContext context, RegisteredClient client) {
    CredentialVault vault = context.clientVault();
    Credentials stored = vault.read();
    RegisteredClient known = RegisteredClient.fromValues(stored.values());
    if (known != null && known.id().equals(client.id())) {
      vault.replace(stored.version(), Map.of());
    }
    log.debug("Connection {}: the service refused its registered client", context.connection());
  }

  /**
   * Deletes the client of the tokens at the service, and the one of a later sign-in that nobody
   * completed. Best effort: throws nothing.
   */
  static void deleteAll(
      OAuth2Scheme scheme, AuthContext context, @Nullable RegisteredClient ofTokens) {
    if (ofTokens != null) {
      delete(context, ofTokens);
    }
    RegisteredClient ofSignIn = scheme.registrationUrl() == null ? null : keptIfReadable(context);
    if (ofSignIn != null && (ofTokens == null || !ofSignIn.id().equals(ofTokens.id()))) {
      delete(context, ofSignIn);
    }
  }

  private static @Nullable RegisteredClient keptIfReadable(AuthContext context) {
    try {
      return RegisteredClient.fromValues(context.clientVault().read().values());
    } catch (RuntimeException e) {
      log.debug(
          "Connection {}: its registered client cannot be read, {}",
          context.connection(),
          e.getClass().getName());
      return null;
    }
  }

  private static void delete(AuthContext context, RegisteredClient client) {
    RegisteredClient.Management management = client.management();
    if (management == null) {
      return;
    }
    try {
      managed("DELETE", management, context).send();
      log.debug("Connection {}: its registered client was deleted", context.connection());
    } catch (RuntimeException e) {
      log.debug(
          "Connection {}: its registered client was not deleted, {}",
          context.connection(),
          e.getClass().getName());
    }
  }

  private @Nullable RegisteredClient client(@Nullable URI redirectUri, List<String> scopes) {
    String template = scheme.registrationUrl();
    if (template == null || scheme.isClientless() || OAuthClient.isProvided(scheme, context)) {
      return null;
    }
    URI url = url(template);
    String method = method();
    String issuer = Objects.requireNonNullElse(endpoint.issuer(), "");
    String terms = String.join("\n", url.toString(), issuer, method, String.valueOf(redirectUri));
    CredentialVault vault = context.clientVault();
    Credentials stored = vault.read();
    RegisteredClient known = RegisteredClient.fromValues(stored.values());
    if (known != null && known.fits(terms, scopes, context.clock().instant())) {
      if (!isGone(known, stored.values())) {
        await(vault, stored);
        return known;
      }
      forget(context, known);
      stored = vault.read();
    }
    RegisteredClient registered = registered(url, method, redirectUri, scopes, terms);
    return storedFirst(vault, stored.version(), registered);
  }

  /**
   * Returns whether a service does not know a client any more: it says so, or it says nothing of it
   * and nobody has come back from the last sign-in, because whoever is sent there with an unknown
   * client is not sent back (RFC 6749 section 4.1.2.1).
   */
  private boolean isGone(RegisteredClient client, Map<String, Secret> stored) {
    Boolean isKnown = isKnown(client);
    if (isKnown != null) {
      return !isKnown;
    }
    Secret awaited = stored.get(AWAITED);
    return awaited != null
        && Instant.parse(awaited.reveal()).plus(PATIENCE).isBefore(context.clock().instant());
  }

  /**
   * Asks the service whether it knows a client, RFC 7592 section 2.1.
   *
   * @return {@code null} if it does not say
   */
  private @Nullable Boolean isKnown(RegisteredClient client) {
    RegisteredClient.Management management = client.management();
    if (management == null) {
      return null;
    }
    try {
      return managed("GET", management, context).accepting(401).send().status() != 401;
    } catch (PolicyException | CallCancelledException e) {
      throw e;
    } catch (ConnectorException e) {
      return null;
    }
  }

  private static HttpCall managed(
      String method, RegisteredClient.Management management, AuthContext context) {
    return context
        .http()
        .callEncoded(method, management.url())
        .timeout(LONGEST_DELETION)
        .header("Authorization", "Bearer " + management.token().reveal());
  }

  /** Notes that a sign-in begins with a client that was registered for an earlier one. */
  private void await(CredentialVault vault, Credentials stored) {
    if (!stored.values().containsKey(AWAITED)) {
      Map<String, Secret> values = new LinkedHashMap<>(stored.values());
      values.put(AWAITED, Secret.of(context.clock().instant().toString()));
      vault.replace(stored.version(), values);
    }
  }

  /** Of two clients that were registered at once the one counts that was stored first. */
  private RegisteredClient storedFirst(
      CredentialVault vault, long version, RegisteredClient registered) {
    RegisteredClient other;
    try {
      if (vault.replace(version, registered.toValues())) {
        return registered;
      }
      other = RegisteredClient.fromValues(vault.read().values());
    } catch (RuntimeException e) {
      delete(context, registered);
      throw e;
    }
    if (other == null
        || !other.fits(registered.terms(), registered.scopes(), context.clock().instant())) {
      return registered;
    }
    delete(context, registered);
    return other;
  }

  private URI url(String template) {
    Metadata metadata = endpoint.metadata();
    if (template.equals(FROM_METADATA)
        && (metadata == null || !metadata.has("registration_endpoint"))) {
      throw new StepFailure(
          Kind.MISCONFIGURED,
          "no client is registered for connector '"
              + context.connector()
              + "', and its issuer does not say where clients register themselves");
    }
    return endpoint.values(Map.of()).url(template);
  }

  /** The scheme says how the client proves itself, unless the issuer takes only other ways. */
  private String method() {
    String wanted = RegistrationMessage.method(scheme.clientAuthentication());
    Metadata metadata = endpoint.metadata();
    List<String> taken =
        metadata == null ? List.of() : metadata.list("token_endpoint_auth_methods_supported");
    if (taken.isEmpty() || taken.contains(wanted)) {
      return wanted;
    }
    return List.of("client_secret_basic", "client_secret_post", "none").stream()
        .filter(taken::contains)
        .findFirst()
        .orElse(wanted);
  }

  private RegisteredClient registered(
      URI url, String method, @Nullable URI redirectUri, List<String> scopes, String terms) {
    RegistrationMessage message =
        new RegistrationMessage(
            context.clientName(),
            scheme.grant() == Grant.DEVICE_CODE,
            scheme.renewal() == Renewal.REFRESH_TOKEN,
            method,
            redirectUri,
            scopes);
    AnswerBody answer = sent(url, message);
    RegistrationMessage.Registered registered = message.read(answer, url);
    log.debug("Connection {}: registered a client at {}", context.connection(), url.getHost());
    return new RegisteredClient(
        registered.id(),
        registered.secret(),
        authentication(registered.method()),
        registered.expiresAt(),
        terms,
        scopes,
        registered.management());
  }

  private ClientAuthentication authentication(String method) {
    ClientAuthentication ofScheme = scheme.clientAuthentication();
    return RegistrationMessage.isMethodOf(ofScheme, method)
        ? ofScheme
        : RegistrationMessage.authentication(method);
  }

  private AnswerBody sent(URI url, RegistrationMessage message) {
    HttpCall call =
        context
            .http()
            .callEncoded("POST", url.toString())
            .timeout(LONGEST_REGISTRATION)
            .header("Accept", "application/json")
            .bytes(message.body(), "application/json");
    try {
      HttpResponse response = call.accepting(400, 401, 403).send();
      AnswerBody answer = AnswerBody.of(response);
      if (response.status() >= 400) {
        String refusal = RegistrationMessage.refusal(answer, response.status());
        throw new StepFailure(Kind.MISCONFIGURED, at(url) + " registers no client: " + refusal);
      }
      return answer;
    } catch (ServiceException e) {
      String problem = at(url) + " answered with status " + e.status();
      throw new StepFailure(kind(e.status()), problem, e.retryAfter().orElse(null), null);
    } catch (PolicyException e) {
      throw e;
    } catch (ConnectorException e) {
      throw new StepFailure(Kind.UNAVAILABLE, at(url) + " gave no whole answer", null, e);
    }
  }

  private static Kind kind(int status) {
    if (status == 429) {
      return Kind.RATE_LIMITED;
    }
    return status == 408 || status >= 500 ? Kind.UNAVAILABLE : Kind.MISCONFIGURED;
  }

  private static String at(URI url) {
    return "the registration endpoint at " + url.getHost();
  }
}
