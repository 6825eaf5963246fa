package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Sends the requests of one connection to the endpoints of its provider: each once, but for what a
 * server asks to be sent differently. Turns every outcome but a success into a {@link StepFailure}
 * whose kind says what follows from it.
 */
final class TokenSender {

  private static final Logger log = LoggerFactory.getLogger(TokenSender.class);

  /** Those of which the body says what is wrong; the others are about the moment. */
  private static final int[] REFUSALS =
      IntStream.range(400, 500).filter(status -> status != 408 && status != 429).toArray();

  /** So that another attempt can begin while a service may still remember a lost answer. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(15);

  /** How long an endpoint is left alone that redirects, as in maintenance. */
  private static final Duration WHILE_REDIRECTED = Duration.ofMinutes(1);

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final Nonces nonces = new Nonces();

  TokenSender(OAuth2Scheme scheme, AuthContext context) {
    this.scheme = scheme;
    this.context = context;
  }

  /**
   * What is asked of an endpoint.
   *
   * @param values what the request is filled in with
   * @param client by which it is made, or {@code null} for none
   * @param key that the tokens are bound to, or {@code null}
   * @param ifGrantRefused the kind of failure that a refused grant is
   */
  record Question(
      RequestTemplate request,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      Kind ifGrantRefused) {

    Question by(OAuthClient other) {
      return new Question(request, values, other, key, ifGrantRefused);
    }
  }

  private record Exchanged(URI endpoint, int status, AnswerBody body) {}

  /**
   * Gets what the answer is read for.
   *
   * @throws StepFailure if it is not there
   */
  TokenAnswer.Granted tokens(Question question) {
    RequestTemplate request = question.request();
    boolean first = request == scheme.exchange();
    boolean grant = first || request == scheme.refresh();
    List<String> resources = grant ? question.values().expand(scheme.resources()) : List.of();
    Exchanged exchanged = send(question, resources);
    TokenAnswerReader reader =
        new TokenAnswerReader(
            request.answer(),
            question.key() == null ? "Bearer" : "DPoP",
            first && scheme.grant() == Grant.TOKEN_EXCHANGE);
    return granted(exchanged, reader, question.ifGrantRefused());
  }

  /**
   * Makes a request that gets no token.
   *
   * @return its answer, a JSON object
   * @throws StepFailure if the answer is another one
   */
  AnswerBody object(Question question) {
    Exchanged exchanged = send(question, question.values().expand(scheme.resources()));
    boolean success = exchanged.status() >= 200 && exchanged.status() < 300;
    if (success && exchanged.body().isObject()) {
      return exchanged.body();
    }
    var error = exchanged.body().find(List.of("/error"));
    if (error != null && !success) {
      String code = ErrorCodes.printable(error.asString(""));
      throw refused(code, exchanged.endpoint(), question.ifGrantRefused());
    }
    String what = "answered with status " + exchanged.status() + " and no JSON object";
    throw failure(
        exchanged.status() == 401 ? Kind.CLIENT_REFUSED : Kind.UNAVAILABLE,
        exchanged.endpoint(),
        what,
        null);
  }

  /**
   * Asks to end a token.
   *
   * @throws StepFailure if that is not confirmed
   */
  void revoke(Question question) {
    Exchanged exchanged = send(question, List.of());
    if (exchanged.status() >= 300) {
      throw failure(
          Kind.MISCONFIGURED,
          exchanged.endpoint(),
          "refused to revoke with status " + exchanged.status(),
          null);
    }
  }

  private Exchanged send(Question question, List<String> resources) {
    Exchanged exchanged = sendProved(question, resources);
    OAuthClient client = question.client();
    return client != null
            && client.method() == ClientAuthentication.POST_OR_BASIC
            && exchanged.status() == 401
        ? sendProved(question.by(client.by(ClientAuthentication.BASIC)), resources)
        : exchanged;
  }

  private Exchanged sendProved(Question question, List<String> resources) {
    Exchanged first = sendOnce(question, resources);
    return question.key() == null || !demandsNonce(first) ? first : sendOnce(question, resources);
  }

  /** An authorization server says so in the body, an API in a header; RFC 9449 sections 8, 9. */
  private static boolean demandsNonce(Exchanged exchanged) {
    if (exchanged.status() != 400 && exchanged.status() != 401) {
      return false;
    }
    var error = exchanged.body().find(List.of("/error"));
    return (error != null && error.asString("").equals("use_dpop_nonce"))
        || Nonces.areDemanded(exchanged.body().headers());
  }

  private Exchanged sendOnce(Question question, List<String> resources) {
    RequestTemplate request = question.request();
    ProofKey key = question.key();
    TokenMessage message =
        TokenMessage.of(request, question.values(), question.client(), scheme, context)
            .and("resource", resources);
    URI endpoint = message.endpoint();
    Secret bound = key == null ? null : message.sendBound(question.values().get("access_token"));
    HttpCall call =
        context
            .http()
            .callEncoded(message.method(), message.url())
            .timeout(LONGEST_ATTEMPT)
            .header("Accept", "application/json");
    message.headers().forEach(call::header);
    if (key != null) {
      call.header(
          "DPoP", key.proof(message.method(), endpoint, bound, nonces.of(endpoint), context));
    }
    if (!message.method().equals("GET")) {
      call.bytes(message.body(), message.contentType());
    }
    try {
      HttpResponse response = call.accepting(REFUSALS).send();
      nonces.learn(endpoint, response.header("DPoP-Nonce"));
      log.debug(
          "Connection {}: {} request to {} was answered with status {}",
          context.connection(),
          request.parameters().getOrDefault("grant_type", "a further"),
          endpoint.getHost(),
          response.status());
      return new Exchanged(endpoint, response.status(), AnswerBody.of(response));
    } catch (ServiceException e) {
      JsonNode error = AnswerBody.of(null, e.body(), Map.of()).find(request.answer().error());
      if (e.status() == 429 && error != null && error.asString("").equals("slow_down")) {
        throw refused("slow_down", endpoint, question.ifGrantRefused());
      }
      if (e.status() < 400) {
        throw redirected(endpoint, e.status());
      }
      throw failure(
          kind(e, question.ifGrantRefused()), endpoint, "answered with status " + e.status(), e);
    } catch (TransportException e) {
      throw failure(kind(e, message.method()), endpoint, "gave no whole answer", e);
    } catch (ResponseException e) {
      throw failure(Kind.OUTCOME_UNKNOWN, endpoint, "gave no whole answer", e);
    }
  }

  private TokenAnswer.Granted granted(
      Exchanged exchanged, TokenAnswerReader reader, Kind ifGrantRefused) {
    int status = exchanged.status();
    URI endpoint = exchanged.endpoint();
    boolean success = status >= 200 && status < 300;
    TokenAnswer answer = reader.read(success, exchanged.body(), context.clock().instant());
    if (answer instanceof TokenAnswer.Granted granted) {
      return granted;
    }
    if (answer instanceof TokenAnswer.Refused refused) {
      String code = refused.code();
      // By RFC 6749 it is about this grant; some servers say so of a client's wrong secret.
      boolean ofClient = code.equals("unauthorized_client") && status == 401;
      throw refused(code, endpoint, ofClient ? Kind.CLIENT_REFUSED : ifGrantRefused);
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

  private StepFailure refused(String code, URI endpoint, Kind ifGrantRefused) {
    StepFailure failure =
        failure(kind(code, ifGrantRefused), endpoint, "refused the request: " + code, null);
    return StepFailure.refused(failure.kind(), failure.problem(), code);
  }

  private static Kind kind(ServiceException e, Kind ifGrantRefused) {
    if (e.status() == 429) {
      return Kind.RATE_LIMITED;
    }
    if (e.status() < 500 && e.status() != 408) {
      return Kind.UNAVAILABLE;
    }
    var error = AnswerBody.of(null, e.body(), Map.of()).find(List.of("/error"));
    if (error != null) {
      return kind(error.asString(""), ifGrantRefused);
    }
    boolean turnedAway = e.status() == 503 && e.retryAfter().isPresent();
    return turnedAway ? Kind.UNAVAILABLE : Kind.OUTCOME_UNKNOWN;
  }

  /** To the transport a GET changes nothing, but here it may have spent a refresh token. */
  private static Kind kind(TransportException e, String method) {
    boolean wasSent =
        switch (e.kind()) {
          case CONNECT, TLS -> false;
          case TIMEOUT, BROKEN_OFF -> method.equals("GET");
        };
    return wasSent || e.isOutcomeUnknown() ? Kind.OUTCOME_UNKNOWN : Kind.UNAVAILABLE;
  }

  /** To follow it could take secrets anywhere, and soon it will be the same. */
  private StepFailure redirected(URI endpoint, int status) {
    String what = "answered with status " + status + ", and no redirect is followed";
    StepFailure failure = failure(Kind.UNAVAILABLE, endpoint, what, null);
    return new StepFailure(failure.kind(), failure.problem(), WHILE_REDIRECTED, null);
  }

  private static Kind kind(String code, Kind ifGrantRefused) {
    return switch (code) {
      case "invalid_grant",
          "invalid_scope",
          "access_denied",
          "account_selection_required",
          "consent_required",
          "interaction_required",
          "login_required",
          "unauthorized_client" ->
          ifGrantRefused;
      case "invalid_client" -> Kind.CLIENT_REFUSED;
      case "invalid_request",
          "invalid_target",
          "unsupported_grant_type",
          "invalid_dpop_proof",
          "use_dpop_nonce" ->
          Kind.MISCONFIGURED;
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
