package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token endpoint of one connection. Sends each request once and turns every outcome but a token
 * into an {@link AuthenticationException} whose reason says what follows from it.
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
   * @param ifGrantRefused the reason to give if the endpoint refuses the grant
   * @throws AuthenticationException with that reason, with {@code CONFIGURATION} if the endpoint
   *     refuses the client, with {@code TEMPORARY} otherwise
   */
  TokenSet ask(TokenMessage message, Reason ifGrantRefused) {
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
      throw failure(Reason.TEMPORARY, endpoint, "answered with status " + e.status(), null);
    } catch (TransportException | ResponseException e) {
      throw failure(Reason.TEMPORARY, endpoint, "gave no whole answer", e);
    }
  }

  private TokenSet tokens(HttpResponse response, URI endpoint, Reason ifGrantRefused) {
    int status = response.status();
    boolean success = status >= 200 && status < 300;
    TokenAnswer answer = TokenAnswerReader.read(success, response.contentType(), response.text());
    if (answer instanceof TokenAnswer.Granted granted) {
      return tokens(granted);
    }
    if (answer instanceof TokenAnswer.Refused refused) {
      throw failure(
          reason(refused.code(), ifGrantRefused),
          endpoint,
          "refused the request: " + refused.code(),
          null);
    }
    if (answer instanceof TokenAnswer.Unsuitable unsuitable) {
      throw failure(
          Reason.CONFIGURATION, endpoint, "cannot be used: " + unsuitable.problem(), null);
    }
    if (status == 401) {
      throw failure(Reason.CONFIGURATION, endpoint, "refused the client with status 401", null);
    }
    String problem = answer instanceof TokenAnswer.Unreadable u ? u.problem() : "";
    throw failure(
        Reason.TEMPORARY, endpoint, "answered with status " + status + ", but " + problem, null);
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

  private static Reason reason(String code, Reason ifGrantRefused) {
    return switch (code) {
      case "invalid_grant",
          "invalid_scope",
          "access_denied",
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required" ->
          ifGrantRefused;
      case "invalid_client",
          "invalid_request",
          "invalid_target",
          "unauthorized_client",
          "unsupported_grant_type" ->
          Reason.CONFIGURATION;
      default -> Reason.TEMPORARY;
    };
  }

  private AuthenticationException failure(
      Reason reason, URI endpoint, String what, @Nullable Throwable cause) {
    String message = "the token endpoint at " + endpoint.getHost() + " " + what;
    log.debug("Connection {}: {}", context.connection(), message);
    return new AuthenticationException(context.connection(), reason, message, cause);
  }
}
