package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token endpoint of one connection. Sends each request once and turns every outcome but a token
 * into a {@link StepFailure} whose kind says what follows from it.
 */
final class TokenEndpoint {

  private static final Logger log = LoggerFactory.getLogger(TokenEndpoint.class);

  private final OAuth2Scheme scheme;
  private final AuthContext context;

  TokenEndpoint(OAuth2Scheme scheme, AuthContext context) {
    this.scheme = scheme;
    this.context = context;
  }

  /**
   * Asks for a token.
   *
   * @param ifGrantRefused the kind of failure that a refused grant is
   * @throws StepFailure if no token came of it
   * @throws dev.connectorsdk.api.error.AuthenticationException with reason {@code CONFIGURATION} if
   *     there is no client to ask with
   */
  TokenSet ask(TokenMessage message, Kind ifGrantRefused) {
    URI endpoint = context.expand(scheme.tokenUrl());
    message.with(scheme.tokenParameters()).from(OAuthClient.of(scheme, context));
    HttpCall call =
        context
            .http()
            .callEncoded("POST", endpoint.toString())
            .header("Accept", "application/json")
            .header("Authorization", message.authorization())
            .bytes(message.body(), "application/x-www-form-urlencoded")
            .accepting(400, 401, 403);
    try {
      HttpResponse response = call.send();
      log.debug(
          "Connection {}: {} request to {} was answered with status {}",
          context.connection(),
          message.grantType(),
          endpoint.getHost(),
          response.status());
      return tokens(response, endpoint, ifGrantRefused);
    } catch (ServiceException e) {
      throw failure(kind(e, ifGrantRefused), endpoint, "answered with status " + e.status(), e);
    } catch (TransportException e) {
      Kind kind = e.isOutcomeUnknown() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
      throw failure(kind, endpoint, "gave no whole answer", e);
    } catch (ResponseException e) {
      throw failure(Kind.OUTCOME_UNKNOWN, endpoint, "gave no whole answer", e);
    }
  }

  private TokenSet tokens(HttpResponse response, URI endpoint, Kind ifGrantRefused) {
    int status = response.status();
    boolean success = status >= 200 && status < 300;
    TokenAnswer answer = TokenAnswerReader.read(success, response.contentType(), response.text());
    if (answer instanceof TokenAnswer.Granted granted) {
      return tokens(granted);
    }
    if (answer instanceof TokenAnswer.Refused refused) {
      String what = "refused the request: " + refused.code();
      throw failure(kind(refused.code(), ifGrantRefused), endpoint, what, null);
    }
    if (answer instanceof TokenAnswer.Unsuitable unsuitable) {
      throw failure(Kind.MISCONFIGURED, endpoint, "cannot be used: " + unsuitable.problem(), null);
    }
    if (status == 401) {
      throw failure(Kind.CLIENT_REFUSED, endpoint, "refused the client with status 401", null);
    }
    String problem = answer instanceof TokenAnswer.Unreadable u ? u.problem() : "";
    throw failure(
        success ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE,
        endpoint,
        "answered with status " + status + ", but " + problem,
        null);
  }

  private TokenSet tokens(TokenAnswer.Granted granted) {
    Instant now = context.clock().instant();
    Duration life = granted.life();
    return new TokenSet(
        granted.accessToken(),
        granted.refreshToken(),
        now,
        life == null ? null : now.plus(life),
        granted.scopes());
  }

  private static Kind kind(ServiceException e, Kind ifGrantRefused) {
    if (e.status() == 429) {
      return Kind.RATE_LIMITED;
    }
    if (e.status() < 500 && e.status() != 408) {
      return Kind.UNAVAILABLE;
    }
    TokenAnswer answer = TokenAnswerReader.read(false, null, e.body());
    if (answer instanceof TokenAnswer.Refused refused) {
      return kind(refused.code(), ifGrantRefused);
    }
    boolean turnedAway = e.status() == 503 && e.retryAfter().isPresent();
    return turnedAway ? Kind.UNAVAILABLE : Kind.OUTCOME_UNKNOWN;
  }

  private static Kind kind(String code, Kind ifGrantRefused) {
    return switch (code) {
      case "invalid_grant",
          "invalid_scope",
          "access_denied",
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required" ->
          ifGrantRefused;
      case "invalid_client", "unauthorized_client" -> Kind.CLIENT_REFUSED;
      case "invalid_request", "invalid_target", "unsupported_grant_type" -> Kind.MISCONFIGURED;
      case "server_error" -> Kind.OUTCOME_UNKNOWN;
      default -> Kind.UNAVAILABLE;
    };
  }

  private StepFailure failure(
      Kind kind, URI endpoint, String what, @Nullable ConnectorException cause) {
    String message = "the token endpoint at " + endpoint.getHost() + " " + what;
    log.debug("Connection {}: {}", context.connection(), message);
    Duration retryAfter = cause == null ? null : cause.retryAfter().orElse(null);
    // An answer's exception holds its body, which can echo what was sent.
    return new StepFailure(
        kind, message, retryAfter, cause instanceof ServiceException ? null : cause);
  }
}
