package dev.connectorsdk.auth;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * What follows from it that a token endpoint refuses a request, or does not answer it.
 *
 * @param ifGrantRefused the kind of failure that a refused grant is
 * @param words shows what the endpoint says
 */
record EndpointFailures(
    ConnectionId connection, URI endpoint, Kind ifGrantRefused, ServerWords words) {

  private static final Logger log = LoggerFactory.getLogger(EndpointFailures.class);

  /** How long an endpoint is left alone that redirects, as in maintenance. */
  private static final Duration WHILE_REDIRECTED = Duration.ofMinutes(1);

  /** How long a connection waits that found no room among all that are in flight. */
  private static final Duration WHILE_BUSY = Duration.ofSeconds(1);

  /** The codes that say that the grant is no longer good, or never was. */
  private static final Set<String> OF_GRANT =
      Set.of(
          "invalid_grant",
          "invalid_scope",
          "access_denied",
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required",
          "unauthorized_client");

  /** The codes that say that the request cannot be right. */
  private static final Set<String> OF_REQUEST =
      Set.of(
          "invalid_request",
          "invalid_target",
          "unsupported_grant_type",
          "invalid_dpop_proof",
          "use_dpop_nonce");

  /** Returns the refusal by a code; RFC 6749 section 5.2. */
  StepFailure refused(TokenAnswer.Refused answer, int status) {
    String code = answer.code();
    if (isNowhere(status) && code.equals(ErrorCodes.UNLISTED)) {
      return nowhere(status, answer.said());
    }
    String said = words.of(answer.said());
    Kind kind = kind(code, status, said);
    String what = "refused the request: " + code + inBrackets(said);
    return StepFailure.refused(kind, of(kind, what, null).problem(), code);
  }

  /** Some servers speak of the client where a grant is meant, and the other way round. */
  private Kind kind(String code, int status, String said) {
    if (code.equals("unauthorized_client") && status == 401) {
      return Kind.CLIENT_REFUSED;
    }
    // Keycloak's word for a service that the request names and it does not know.
    boolean ofAudience = said.toLowerCase(Locale.ROOT).contains("audience");
    return code.equals("invalid_client") && ofAudience ? Kind.MISCONFIGURED : kind(code);
  }

  /**
   * Returns the failure of an answer that is no token and no refusal by a code.
   *
   * @param problem what is wrong with it
   * @param said the server's own words, or {@code null} if there are none
   */
  StepFailure unreadable(int status, String problem, @Nullable Secret said) {
    if (status == 401) {
      String what = "refused the client with status 401" + inBrackets(words.of(said));
      return passing(Kind.CLIENT_REFUSED, what, null);
    }
    if (isNowhere(status)) {
      return nowhere(status, said);
    }
    Kind kind = status < 300 ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
    return of(kind, "answered with status " + status + ", but " + problem, null);
  }

  /** Whatever else may be at this URL. */
  private static boolean isNowhere(int status) {
    return status == 404 || status == 405 || status == 410;
  }

  /** A parameter of the URL is wrong, such as a realm; or the server has lost it for a moment. */
  private StepFailure nowhere(int status, @Nullable Secret said) {
    String what = "is none: it answered with status " + status + inBrackets(words.of(said));
    String host = String.valueOf(endpoint.getHost());
    NotFoundException cause =
        new NotFoundException("token endpoint at", host, "Look at the parameters of its URL.");
    return passing(Kind.MISCONFIGURED, what, cause);
  }

  StepFailure notAllowed(HostNotAllowedException e) {
    log.debug("Connection {}: {}", connection, e.getMessage());
    return StepFailure.notAllowed("the token endpoint at " + endpoint.getHost(), e);
  }

  /** It may be another server that answers for a moment. */
  private StepFailure passing(Kind kind, String what, @Nullable ConnectorException cause) {
    return new StepFailure(kind, of(kind, what, null).problem(), StepFailure.WHILE_NOWHERE, cause);
  }

  private static String inBrackets(String said) {
    return said.isEmpty() ? "" : " (" + said + ")";
  }

  /**
   * Returns what a status means that is no refusal of the request.
   *
   * @param places where the answer would have an error code
   */
  StepFailure of(ServiceException e, List<String> places) {
    JsonNode error = AnswerBody.of(null, e.body(), Map.of()).find(places);
    if (e.status() == 429 && error != null && error.asString("").equals("slow_down")) {
      return refused(new TokenAnswer.Refused("slow_down", null), e.status());
    }
    return e.status() < 400
        ? redirected(e.status())
        : of(kind(e), "answered with status " + e.status(), e);
  }

  StepFailure of(TransportException e, String method) {
    return e.kind() == TransportException.Kind.BUSY
        ? StepFailure.unasked(
            of(Kind.UNAVAILABLE, "was not asked, since too many requests are in flight", e),
            WHILE_BUSY)
        : of(kind(e, method), "gave no whole answer", e);
  }

  /**
   * Returns a failure.
   *
   * @param what the end of a sentence about the endpoint
   */
  StepFailure of(Kind kind, String what, @Nullable ConnectorException cause) {
    String problem = "the token endpoint at " + endpoint.getHost() + " " + what;
    log.debug("Connection {}: {}", connection, problem);
    Duration retryAfter = cause == null ? null : cause.retryAfter().orElse(null);
    // An answer's exception holds its body, which can echo what was sent.
    return new StepFailure(
        kind, problem, retryAfter, cause instanceof ServiceException ? null : cause);
  }

  /** To follow it could take secrets anywhere, and soon it will be the same. */
  private StepFailure redirected(int status) {
    String what = "answered with status " + status + ", and no redirect is followed";
    String problem = of(Kind.UNAVAILABLE, what, null).problem();
    return new StepFailure(Kind.UNAVAILABLE, problem, WHILE_REDIRECTED, null);
  }

  private Kind kind(ServiceException e) {
    if (e.status() == 429) {
      return Kind.RATE_LIMITED;
    }
    if (e.status() < 500 && e.status() != 408) {
      return Kind.UNAVAILABLE;
    }
    JsonNode error = AnswerBody.of(null, e.body(), Map.of()).find(List.of("/error"));
    if (error != null) {
      return kind(error.asString(""));
    }
    boolean turnedAway = e.status() == 503 && e.retryAfter().isPresent();
    return turnedAway ? Kind.UNAVAILABLE : Kind.OUTCOME_UNKNOWN;
  }

  /** To the transport a GET changes nothing, but here it may have spent a refresh token. */
  private static Kind kind(TransportException e, String method) {
    boolean wasSent =
        switch (e.kind()) {
          case CONNECT, TLS, BUSY, PAUSED, GATEWAY -> false;
          case TIMEOUT, BROKEN_OFF -> method.equals("GET");
        };
    return wasSent || e.isOutcomeUnknown() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
  }

  private Kind kind(String code) {
    if (OF_GRANT.contains(code) || ErrorCodes.isOfEndedGrant(code)) {
      return ifGrantRefused;
    }
    if (OF_REQUEST.contains(code)) {
      return Kind.MISCONFIGURED;
    }
    return switch (code) {
      case "invalid_client" -> Kind.CLIENT_REFUSED;
      case "server_error" -> Kind.OUTCOME_UNKNOWN;
      default -> Kind.UNAVAILABLE;
    };
  }
}
