package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.auth.TokenAnswer.Granted;
import dev.connectorsdk.auth.TokenAnswer.Refused;
import dev.connectorsdk.auth.TokenAnswer.Unreadable;
import dev.connectorsdk.auth.TokenAnswer.Unsuitable;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads what an endpoint said, with the liberties that real endpoints take: numbers as text and
 * text as numbers, other content types, JSON that is not quite that, a form instead of it, no token
 * type, scopes with commas or as an array, and whatever the scheme says of places, types and codes.
 */
final class TokenAnswerReader {

  /** No scope has white space in it, nor what cannot be stored. */
  private static final Pattern SCOPE_SEPARATOR = Pattern.compile("[\\s,\\p{Cntrl}\\p{Cs}]+");

  /** Types that are bearer tokens whatever a scheme says; Apigee has the longer one. */
  private static final Set<String> BEARER_TYPES = Set.of("bearer", "bearertoken");

  private static final Pattern PRINTABLE_TYPE = Pattern.compile("[A-Za-z]{1,20}");

  /** Where errors are that are not where they were declared. */
  private static final List<String> USUAL_PLACES_OF_ERRORS =
      List.of(
          "/error_code",
          "/errorCode",
          "/code",
          "/status",
          "/reason",
          "/error/code",
          "/error/type",
          "/error/errorId",
          "/error/status",
          "/errors/0/code",
          "/errors/0/errorType",
          "/message",
          "/error/message",
          "/errors/0/message");

  private final TokenFields fields;
  private final OAuth2Scheme scheme;
  private final boolean bound;
  private final boolean exchanged;

  /**
   * @param bound whether tokens have to be bound to a key, RFC 9449
   * @param exchanged whether the answer has to name the type of the token; RFC 8693 section 2.2.1
   */
  TokenAnswerReader(TokenFields fields, OAuth2Scheme scheme, boolean bound, boolean exchanged) {
    this.fields = fields;
    this.scheme = scheme;
    this.bound = bound;
    this.exchanged = exchanged;
  }

  /**
   * Reads an answer.
   *
   * @param success whether the status says that it worked
   * @param now when it arrived
   */
  TokenAnswer read(boolean success, AnswerBody body, Instant now) {
    String error = error(body);
    TokenFields.Success wanted = fields.success();
    if (wanted == null ? error != null : !(success && isSaid(wanted, body))) {
      String code = error == null ? usualError(body) : error;
      return code == null
          ? new Unreadable("its answer does not say that it succeeded", kept(success, body))
          : refused(code, body);
    }
    if (success) {
      return granted(body, now);
    }
    String code = usualError(body);
    if (code != null) {
      return refused(code, body);
    }
    String problem =
        body.isObject() ? "its answer names no error" : "its answer is no JSON object or form";
    return new Unreadable(problem, null);
  }

  /** Returns the code at the place of errors, or {@code null} if there is no error. */
  private @Nullable String error(AnswerBody body) {
    JsonNode error = body.find(fields.error());
    if (error == null || isNone(error)) {
      return null;
    }
    if (error.isValueNode()) {
      return error.asString();
    }
    String inside = usualError(body);
    return inside == null ? "" : inside;
  }

  /** Such as {@code "error": false} beside tokens. */
  private static boolean isNone(JsonNode error) {
    return (error.isBoolean() && !error.booleanValue())
        || (error.isNumber() && error.doubleValue() == 0)
        || (error.isContainer() && error.isEmpty());
  }

  /** Returns a code that is known, from one of the places where providers have it. */
  private @Nullable String usualError(AnswerBody body) {
    for (String place : USUAL_PLACES_OF_ERRORS) {
      JsonNode found = body.find(List.of(place));
      String code = found == null || !found.isValueNode() ? "" : found.asString();
      if (ErrorCodes.isCode(code, scheme.errorCodes())
          && !meant(code).equals(ErrorCodes.UNLISTED)) {
        return code;
      }
    }
    return null;
  }

  private String meant(String code) {
    return ErrorCodes.meant(code, scheme.errorCodes());
  }

  private Refused refused(String code, AnswerBody body) {
    String meant = meant(code);
    Secret words = body.words();
    boolean isOwn = !code.isBlank() && !meant.equalsIgnoreCase(code.strip());
    if (isOwn && (words == null || !words.reveal().equals(code))) {
      words = Secret.of(words == null ? code : code + ": " + words.reveal());
    }
    return new Refused(meant, words);
  }

  private static boolean isSaid(TokenFields.Success wanted, AnswerBody body) {
    JsonNode said = body.find(List.of(wanted.place()));
    return said != null && wanted.values().contains(said.asString(""));
  }

  private TokenAnswer granted(AnswerBody body, Instant now) {
    JsonNode found = body.find(fields.accessToken());
    String access = found == null ? null : token(found);
    String problem = problem(body, found, access);
    if (problem != null) {
      String code = found == null ? usualError(body) : null;
      return code == null ? new Unreadable(problem, kept(true, body)) : refused(code, body);
    }
    String unsuitable = unsuitable(body);
    if (unsuitable != null) {
      return new Unsuitable(unsuitable, kept(true, body));
    }
    return new Granted(
        access == null ? null : Secret.of(access),
        kept(true, body),
        ExpiryReader.expiresAt(fields.expiry(), body, access, now),
        scopes(body.find(fields.scope())),
        named(body),
        texts(fields.captures(), body),
        secrets(fields.values(), body),
        idToken(body));
  }

  /**
   * Returns the refresh token of an answer, whatever else is wrong with that. A number at the end
   * of an answer that breaks off may lack digits.
   */
  private @Nullable Secret kept(boolean success, AnswerBody body) {
    JsonNode found = success ? body.find(fields.refreshToken()) : null;
    return found != null && (found.isString() || (found.isNumber() && body.isWhole()))
        ? Secret.of(found.asString())
        : null;
  }

  /** Returns why the tokens of an answer cannot be read, or {@code null} if they can. */
  private @Nullable String problem(
      AnswerBody body, @Nullable JsonNode found, @Nullable String access) {
    if (!body.isWhole()) {
      return "its answer breaks off, or is no JSON after a while";
    }
    if (found == null ? getsToken() : access == null) {
      return accessProblem(body, found);
    }
    if (body.isAmbiguous(fields.accessToken())) {
      return "its answer has several access tokens";
    }
    return exchanged && body.find(List.of("/issued_token_type")) == null
        ? "its answer does not say what type of token was issued"
        : null;
  }

  /** Returns a token as it is sent, or {@code null} if it is none that can be. */
  private static @Nullable String token(JsonNode found) {
    String text = found.isString() ? found.stringValue().strip() : "";
    String token = text.regionMatches(true, 0, "Bearer ", 0, 7) ? text.substring(7).strip() : text;
    return isSendable(token) ? token : null;
  }

  private static boolean isSendable(String token) {
    for (int i = 0; i < token.length(); i++) {
      if (token.charAt(i) <= ' ' || token.charAt(i) > '~') {
        return false;
      }
    }
    return !token.isEmpty();
  }

  private static String accessProblem(AnswerBody body, @Nullable JsonNode found) {
    if (found != null && found.isString()) {
      return "its access token holds a character that no header can carry";
    }
    return found != null || body.isObject()
        ? "its answer has no access token"
        : "its answer is neither a JSON object nor a form";
  }

  private boolean getsToken() {
    return !fields.accessToken().isEmpty();
  }

  private Map<String, Secret> named(AnswerBody body) {
    Map<String, Secret> named = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> one : fields.tokens().entrySet()) {
      JsonNode found = body.find(one.getValue());
      String token = found == null ? null : token(found);
      if (token != null) {
        named.put(one.getKey(), Secret.of(token));
      }
    }
    return named;
  }

  private static @Nullable Secret idToken(AnswerBody body) {
    JsonNode idToken = body.find(List.of("/id_token"));
    return idToken == null || !idToken.isString() ? null : Secret.of(idToken.stringValue());
  }

  /**
   * Returns why tokens cannot be used as the scheme wants, or {@code null} if they can. One of type
   * DPoP is never sent as a bearer token, nor the other way round.
   */
  private @Nullable String unsuitable(AnswerBody body) {
    JsonNode found = getsToken() ? body.find(List.of("/token_type")) : null;
    if (found == null) {
      return null;
    }
    String type = found.isString() ? found.stringValue().strip() : "";
    if (bound ? type.equalsIgnoreCase("DPoP") : isBearer(type)) {
      return null;
    }
    String named = PRINTABLE_TYPE.matcher(type).matches() ? " of type '" + type + "', and" : "";
    return bound
        ? "its tokens are" + named + " not DPoP tokens"
        : "its tokens are"
            + named
            + " not bearer tokens; if it calls those so, OAuth2Scheme.bearerTokenTypes can say it";
  }

  private boolean isBearer(String type) {
    return BEARER_TYPES.contains(type.replace(" ", "").toLowerCase(Locale.ROOT))
        || scheme.bearerTokenTypes().stream().anyMatch(type::equalsIgnoreCase)
        || (exchanged && type.equals("N_A"));
  }

  private static Map<String, String> texts(Map<String, List<String>> places, AnswerBody body) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> place : places.entrySet()) {
      JsonNode found = body.find(place.getValue());
      if (found != null && found.isValueNode()) {
        texts.put(place.getKey(), found.asString());
      }
    }
    return texts;
  }

  private static Map<String, Secret> secrets(Map<String, List<String>> places, AnswerBody body) {
    Map<String, Secret> secrets = new LinkedHashMap<>();
    for (Map.Entry<String, String> text : texts(places, body).entrySet()) {
      secrets.put(text.getKey(), Secret.of(text.getValue()));
    }
    return secrets;
  }

  private static List<String> scopes(@Nullable JsonNode scope) {
    if (scope == null) {
      return List.of();
    }
    Stream<String> texts =
        scope.isArray() ? scope.valueStream().map(one -> one.asString("")) : texts(scope);
    return texts
        .flatMap(SCOPE_SEPARATOR::splitAsStream)
        .filter(one -> !one.isEmpty())
        .distinct()
        .toList();
  }

  private static Stream<String> texts(JsonNode node) {
    return node.isString() ? Stream.of(node.stringValue()) : Stream.empty();
  }
}
