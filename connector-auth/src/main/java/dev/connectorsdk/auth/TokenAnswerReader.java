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
    if (wanted != null) {
      JsonNode said = body.find(List.of(wanted.place()));
      if (!success || said == null || !wanted.values().contains(said.asString(""))) {
        return error == null
            ? new Unreadable("its answer does not say that it succeeded")
            : new Refused(ErrorCodes.printable(error.asString("")));
      }
    } else if (error != null) {
      return new Refused(ErrorCodes.printable(error.isString() ? error.stringValue() : ""));
    }
    if (!success) {
      return new Unreadable(
          body.isObject() ? "its answer names no error" : "its answer is no JSON object or form");
    }
    return granted(body, now);
  }

  private TokenAnswer granted(AnswerBody body, Instant now) {
    JsonNode accessToken = body.find(fields.accessToken());
    JsonNode refreshToken = body.find(fields.refreshToken());
    boolean getsToken = !fields.accessToken().isEmpty();
    if (getsToken && accessToken == null && !body.isObject()) {
      return new Unreadable("its answer is neither a JSON object nor a form");
    }
    if (getsToken && (accessToken == null || !accessToken.isString())) {
      return new Unreadable("its answer has no access token");
    }
    if (accessToken != null && !isSendable(accessToken.stringValue())) {
      return new Unreadable("its access token holds a character that no header can carry");
    }
    if (refreshToken != null && !refreshToken.isString()) {
      return new Unreadable("its refresh token is not a text");
    }
    if (exchanged && body.find(List.of("/issued_token_type")) == null) {
      return new Unreadable("its answer does not say what type of token was issued");
    }
    JsonNode type = getsToken ? body.find(List.of("/token_type")) : null;
    if (type != null && !isSuitable(type)) {
      return new Unsuitable(
          "its tokens are not " + (tokenType.equals("Bearer") ? "bearer" : tokenType) + " tokens");
    }
    Map<String, Secret> named = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> token : fields.tokens().entrySet()) {
      JsonNode found = body.find(token.getValue());
      if (found != null && found.isString() && isSendable(found.stringValue())) {
        named.put(token.getKey(), Secret.of(found.stringValue()));
      }
    }
    JsonNode idToken = body.find(List.of("/id_token"));
    String access = accessToken == null ? null : accessToken.stringValue();
    return new Granted(
        access == null ? null : Secret.of(access),
        refreshToken == null ? null : Secret.of(refreshToken.stringValue()),
        ExpiryReader.expiresAt(fields.expiry(), body, access, now),
        scopes(body.find(fields.scope())),
        named,
        texts(fields.captures(), body),
        secrets(fields.values(), body),
        idToken == null || !idToken.isString() ? null : Secret.of(idToken.stringValue()));
  }

  /** A token of type DPoP is never sent as a bearer token, nor the other way round. */
  private boolean isSuitable(JsonNode type) {
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
