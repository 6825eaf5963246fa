package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.auth.TokenAnswer.Granted;
import dev.connectorsdk.auth.TokenAnswer.Refused;
import dev.connectorsdk.auth.TokenAnswer.Unreadable;
import dev.connectorsdk.auth.TokenAnswer.Unsuitable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what an endpoint said, with the liberties that real endpoints take and no others: numbers
 * as text, other content types, a form instead of JSON, no token type, scopes with commas or as an
 * array, and whatever the scheme says of the places.
 */
final class TokenAnswerReader {

  /** No scope has white space in it, nor what cannot be stored. */
  private static final Pattern SCOPE_SEPARATOR = Pattern.compile("[\\s,\\p{Cntrl}\\p{Cs}]+");

  private final TokenFields fields;
  private final String tokenType;
  private final boolean exchanged;

  /**
   * @param tokenType {@code Bearer} or {@code DPoP}
   * @param exchanged whether the answer has to name the type of the token; RFC 8693 section 2.2.1
   */
  TokenAnswerReader(TokenFields fields, String tokenType, boolean exchanged) {
    this.fields = fields;
    this.tokenType = tokenType;
    this.exchanged = exchanged;
  }

  /**
   * Reads an answer.
   *
   * @param success whether the status says that it worked
   * @param now when it arrived
   */
  TokenAnswer read(boolean success, AnswerBody body, Instant now) {
    JsonNode error = body.find(fields.error());
    TokenFields.Success wanted = fields.success();
    if (wanted != null && !(success && isSaid(wanted, body))) {
      return error == null
          ? new Unreadable("its answer does not say that it succeeded")
          : refused(error.asString(""), body);
    }
    if (wanted == null && error != null) {
      return refused(error.isString() ? error.stringValue() : "", body);
    }
    if (!success) {
      return new Unreadable(
          body.isObject() ? "its answer names no error" : "its answer is no JSON object or form");
    }
    return granted(body, now);
  }

  private static Refused refused(String code, AnswerBody body) {
    String printable = ErrorCodes.printable(code);
    Secret said = body.words();
    if (printable.equals(ErrorCodes.UNLISTED) && !code.isBlank()) {
      said = Secret.of(said == null ? code : code + ": " + said.reveal());
    }
    return new Refused(printable, said);
  }

  private static boolean isSaid(TokenFields.Success wanted, AnswerBody body) {
    JsonNode said = body.find(List.of(wanted.place()));
    return said != null && wanted.values().contains(said.asString(""));
  }

  private TokenAnswer granted(AnswerBody body, Instant now) {
    JsonNode accessToken = body.find(fields.accessToken());
    JsonNode refreshToken = body.find(fields.refreshToken());
    String problem = problem(body, accessToken, refreshToken);
    if (problem != null) {
      return new Unreadable(problem);
    }
    if (!isSuitable(body)) {
      return new Unsuitable(
          "its tokens are not " + (tokenType.equals("Bearer") ? "bearer" : tokenType) + " tokens");
    }
    String access = accessToken == null ? null : accessToken.stringValue();
    return new Granted(
        access == null ? null : Secret.of(access),
        refreshToken == null ? null : Secret.of(refreshToken.stringValue()),
        ExpiryReader.expiresAt(fields.expiry(), body, access, now),
        scopes(body.find(fields.scope())),
        named(body),
        texts(fields.captures(), body),
        secrets(fields.values(), body),
        idToken(body));
  }

  /** Returns why the tokens of an answer cannot be read, or {@code null} if they can. */
  private @Nullable String problem(
      AnswerBody body, @Nullable JsonNode accessToken, @Nullable JsonNode refreshToken) {
    if (accessToken == null ? getsToken() : !isToken(accessToken)) {
      return accessProblem(body, accessToken);
    }
    if (refreshToken != null && !refreshToken.isString()) {
      return "its refresh token is not a text";
    }
    return exchanged && body.find(List.of("/issued_token_type")) == null
        ? "its answer does not say what type of token was issued"
        : null;
  }

  private static boolean isToken(JsonNode found) {
    return found.isString() && isSendable(found.stringValue());
  }

  private static String accessProblem(AnswerBody body, @Nullable JsonNode accessToken) {
    if (accessToken != null && accessToken.isString()) {
      return "its access token holds a character that no header can carry";
    }
    return accessToken != null || body.isObject()
        ? "its answer has no access token"
        : "its answer is neither a JSON object nor a form";
  }

  private boolean getsToken() {
    return !fields.accessToken().isEmpty();
  }

  private Map<String, Secret> named(AnswerBody body) {
    Map<String, Secret> named = new LinkedHashMap<>();
    fields
        .tokens()
        .forEach(
            (name, places) -> {
              JsonNode found = body.find(places);
              if (found != null && isToken(found)) {
                named.put(name, Secret.of(found.stringValue()));
              }
            });
    return named;
  }

  private static @Nullable Secret idToken(AnswerBody body) {
    JsonNode idToken = body.find(List.of("/id_token"));
    return idToken == null || !idToken.isString() ? null : Secret.of(idToken.stringValue());
  }

  /** A token of type DPoP is never sent as a bearer token, nor the other way round. */
  private boolean isSuitable(AnswerBody body) {
    JsonNode type = getsToken() ? body.find(List.of("/token_type")) : null;
    if (type == null) {
      return true;
    }
    String name = type.asString("");
    boolean bearer = tokenType.equals("Bearer");
    return type.isString()
        && (name.equalsIgnoreCase(tokenType) || (bearer && exchanged && name.equals("N_A")));
  }

  private static boolean isSendable(String token) {
    return token.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private static Map<String, String> texts(Map<String, List<String>> places, AnswerBody body) {
    Map<String, String> texts = new LinkedHashMap<>();
    places.forEach(
        (name, at) -> {
          JsonNode found = body.find(at);
          if (found != null && found.isValueNode()) {
            texts.put(name, found.asString());
          }
        });
    return texts;
  }

  private static Map<String, Secret> secrets(Map<String, List<String>> places, AnswerBody body) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    texts(places, body).forEach((name, text) -> secrets.put(name, Secret.of(text)));
    return secrets;
  }

  private static List<String> scopes(@Nullable JsonNode scope) {
    if (scope == null) {
      return List.of();
    }
    Stream<String> texts =
        scope.isArray() ? scope.valueStream().map(one -> one.asString("")) : texts(scope);
    return texts.flatMap(SCOPE_SEPARATOR::splitAsStream).filter(one -> !one.isEmpty()).toList();
  }

  private static Stream<String> texts(JsonNode node) {
    return node.isString() ? Stream.of(node.stringValue()) : Stream.empty();
  }
}
