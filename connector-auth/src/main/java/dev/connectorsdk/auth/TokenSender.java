package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  private static final int[] REFUSALS = refusals();

  /** So that another attempt can begin while a service may still remember a lost answer. */
  private static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(15);

  private final OAuth2Scheme scheme;
  private final AuthContext context;
  private final Nonces nonces = new Nonces();

  TokenSender(OAuth2Scheme scheme, AuthContext context) {
    this.scheme = scheme;
    this.context = context;
  }

  /**
   * A request to an endpoint.
   *
   * @param values what the template is filled in with
   * @param client by which it is made, or {@code null} for none
   * @param key that the tokens are bound to, or {@code null}
   * @param ifGrantRefused the kind of failure that a refused grant is
   * @param before runs right before each time that it is sent, and throws if it must not be
   */
  record TokenRequest(
      RequestTemplate template,
      StepValues values,
      @Nullable OAuthClient client,
      @Nullable ProofKey key,
      Kind ifGrantRefused,
      Runnable before) {

    /** Returns a request of which a refused grant is a mistake of whoever declared it. */
    static TokenRequest of(
        RequestTemplate template,
        StepValues values,
        @Nullable OAuthClient client,
        @Nullable ProofKey key) {
      return new TokenRequest(template, values, client, key, Kind.MISCONFIGURED, () -> {});
    }

    TokenRequest ifGrantRefused(Kind kind) {
      return new TokenRequest(template, values, client, key, kind, before);
    }

    TokenRequest after(Runnable other) {
      return new TokenRequest(template, values, client, key, ifGrantRefused, other);
    }

    TokenRequest by(OAuthClient other) {
      return new TokenRequest(template, values, other, key, ifGrantRefused, before);
    }
  }

  private record Exchanged(EndpointFailures failures, int status, AnswerBody body) {

    boolean isSuccess() {
      return status >= 200 && status < 300;
    }
  }

  /**
   * Gets what the answer is read for.
   *
   * @throws StepFailure if it is not there; with a refresh token if the answer brought one
   */
  TokenAnswer.Granted tokens(TokenRequest request) {
    RequestTemplate template = request.template();
    boolean first = template == scheme.exchange();
    boolean grant = first || template == scheme.refresh();
    List<String> resources = grant ? request.values().expand(scheme.resources()) : List.of();
    Exchanged exchanged = send(request, resources);
    TokenAnswerReader reader =
        new TokenAnswerReader(
            template.answer(),
            scheme,
            request.key() != null,
            first && scheme.grant() == Grant.TOKEN_EXCHANGE);
    return granted(exchanged, reader);
  }

  /**
   * Makes a request that gets no token.
   *
   * @return its answer, a JSON object
   * @throws StepFailure if the answer is another one
   */
  AnswerBody object(TokenRequest request) {
    Exchanged exchanged = send(request, request.values().expand(scheme.resources()));
    if (exchanged.isSuccess() && exchanged.body().isObject()) {
      return exchanged.body();
    }
    EndpointFailures failures = exchanged.failures();
    int status = exchanged.status();
    JsonNode error = exchanged.body().find(List.of("/error"));
    if (error != null) {
      String code = ErrorCodes.meant(error.asString(""), scheme.errorCodes());
      throw failures.refused(new TokenAnswer.Refused(code, exchanged.body().words()), status);
    }
    if (exchanged.isSuccess()) {
      throw failures.of(
          Kind.UNAVAILABLE, "answered with status " + status + " and no JSON object", null);
    }
    throw failures.unreadable(status, "its answer names no error", exchanged.body().words());
  }

  /**
   * Asks to end a token.
   *
   * @throws StepFailure if that is not confirmed
   */
  void revoke(TokenRequest request) {
    Exchanged exchanged = send(request, List.of());
    if (exchanged.status() >= 300) {
      throw exchanged
          .failures()
          .of(Kind.MISCONFIGURED, "refused to revoke with status " + exchanged.status(), null);
    }
  }

  private Exchanged send(TokenRequest request, List<String> resources) {
    Exchanged exchanged = sendProved(request, resources);
    OAuthClient client = request.client();
    return client != null
            && client.method() == ClientAuthentication.POST_OR_BASIC
            && exchanged.status() == 401
        ? sendProved(request.by(client.by(ClientAuthentication.BASIC)), resources)
        : exchanged;
  }

  private Exchanged sendProved(TokenRequest request, List<String> resources) {
    Exchanged first = sendOnce(request, resources);
    return request.key() == null || !demandsNonce(first) ? first : sendOnce(request, resources);
  }

  /** An authorization server says so in the body, an API in a header; RFC 9449 sections 8, 9. */
  private static boolean demandsNonce(Exchanged exchanged) {
    if (exchanged.status() != 400 && exchanged.status() != 401) {
      return false;
    }
    JsonNode error = exchanged.body().find(List.of("/error"));
    return (error != null && error.asString("").equals("use_dpop_nonce"))
        || Nonces.areDemanded(exchanged.body().headers());
  }

  private Exchanged sendOnce(TokenRequest request, List<String> resources) {
    TokenMessage message =
        TokenMessage.of(request.template(), request.values(), request.client(), scheme, context)
            .and("resource", resources);
    HttpCall call = call(request, message);
    URI endpoint = message.endpoint();
    EndpointFailures failures =
        new EndpointFailures(
            context.connection(), endpoint, request.ifGrantRefused(), words(message, request));
    request.before().run();
    try {
      HttpResponse response = call.accepting(REFUSALS).send();
      nonces.learn(endpoint, response.header("DPoP-Nonce"));
      log.debug(
          "Connection {}: {} request to {} was answered with status {}",
          context.connection(),
          request.template().parameters().getOrDefault("grant_type", "a further"),
          endpoint.getHost(),
          response.status());
      return new Exchanged(failures, response.status(), AnswerBody.of(response));
    } catch (ServiceException e) {
      throw failures.of(e, request.template().answer().error());
    } catch (HostNotAllowedException e) {
      throw failures.notAllowed(e);
    } catch (TransportException e) {
      throw failures.of(e, message.method());
    } catch (ResponseException e) {
      throw failures.of(Kind.OUTCOME_UNKNOWN, "gave no whole answer", e);
    }
  }

  private static ServerWords words(TokenMessage message, TokenRequest request) {
    List<String> secrets = new ArrayList<>(message.secrets());
    OAuthClient client = request.client();
    if (client != null && client.secret() != null) {
      secrets.add(client.secret().reveal());
    }
    return new ServerWords(secrets);
  }

  private static int[] refusals() {
    int[] refusals = new int[98];
    int i = 0;
    for (int status = 400; status < 500; status++) {
      if (status != 408 && status != 429) {
        refusals[i++] = status;
      }
    }
    return refusals;
  }

  private HttpCall call(TokenRequest request, TokenMessage message) {
    ProofKey key = request.key();
    URI endpoint = message.endpoint();
    Secret bound = key == null ? null : message.sendBound(request.values().get("access_token"));
    HttpCall call =
        context
            .http()
            .callEncoded(message.method(), message.url())
            .timeout(LONGEST_ATTEMPT)
            .header("Accept", "application/json");
    for (Map.Entry<String, String> header : message.headers().entrySet()) {
      call.header(header.getKey(), header.getValue());
    }
    if (key != null) {
      call.header(
          "DPoP", key.proof(message.method(), endpoint, bound, nonces.of(endpoint), context));
    }
    return message.method().equals("GET")
        ? call
        : call.bytes(message.body(), message.contentType());
  }

  private TokenAnswer.Granted granted(Exchanged exchanged, TokenAnswerReader reader) {
    int status = exchanged.status();
    EndpointFailures failures = exchanged.failures();
    TokenAnswer answer =
        reader.read(exchanged.isSuccess(), exchanged.body(), context.clock().instant());
    if (answer instanceof TokenAnswer.Granted granted) {
      return granted;
    }
    if (answer instanceof TokenAnswer.Refused refused) {
      throw failures.refused(refused, status);
    }
    if (answer instanceof TokenAnswer.Unsuitable unsuitable) {
      throw failures
          .of(Kind.MISCONFIGURED, "cannot be used: " + unsuitable.problem(), null)
          .bringing(unsuitable.refreshToken());
    }
    if (answer instanceof TokenAnswer.Unreadable unreadable) {
      throw failures
          .unreadable(status, unreadable.problem(), exchanged.body().words())
          .bringing(unreadable.refreshToken());
    }
    throw new AssertionError(answer);
  }
}
