package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.auth.TokenAnswer.Granted;
import dev.connectorsdk.auth.TokenAnswer.Refused;
import dev.connectorsdk.auth.TokenAnswer.Unreadable;
import dev.connectorsdk.auth.TokenAnswer.Unsuitable;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/**
 * Reads what a token endpoint said, with the liberties that real endpoints take and no others:
 * numbers as text, other content types, a form instead of JSON, no token type, scopes with commas
 * or as an array. Messages of the JSON library quote the answer and are dropped.
 */
final class TokenAnswerReader {

  private static final double LONGEST_LIFE_SECONDS = Duration.ofDays(3650).toSeconds();
  private static final Pattern SCOPE_SEPARATOR = Pattern.compile("[ ,]+");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(200).build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private TokenAnswerReader() {}

  /**
   * Reads an answer.
   *
   * @param success whether the status says that there is a token
   * @param contentType without parameters, in lower case, or {@code null} if there is none
   */
  static TokenAnswer read(boolean success, @Nullable String contentType, String body) {
    Map<String, JsonNode> members = members(contentType, body);
    if (members == null) {
      return new Unreadable("its answer is neither a JSON object nor a form");
    }
    JsonNode error = present(members, "error");
    if (error != null) {
      return new Refused(ErrorCodes.printable(error.isString() ? error.stringValue() : ""));
    }
    return success ? granted(members) : new Unreadable("its answer names no error");
  }

  private static TokenAnswer granted(Map<String, JsonNode> members) {
    JsonNode accessToken = present(members, "access_token");
    JsonNode refreshToken = present(members, "refresh_token");
    JsonNode type = present(members, "token_type");
    if (accessToken == null || !accessToken.isString()) {
      return new Unreadable("its answer has no access token");
    }
    if (!accessToken.stringValue().chars().allMatch(c -> c > ' ' && c <= '~')) {
      return new Unreadable("its access token holds a character that no header can carry");
    }
    if (refreshToken != null && !refreshToken.isString()) {
      return new Unreadable("its refresh token is not a text");
    }
    if (type != null && !(type.isString() && isBearer(type.stringValue()))) {
      return new Unsuitable("its tokens are not bearer tokens");
    }
    return new Granted(
        Secret.of(accessToken.stringValue()),
        refreshToken == null ? null : Secret.of(refreshToken.stringValue()),
        life(present(members, "expires_in")),
        scopes(present(members, "scope")));
  }

  private static boolean isBearer(String type) {
    return type.toLowerCase(Locale.ROOT).equals("bearer");
  }

  private static @Nullable Duration life(@Nullable JsonNode expiresIn) {
    if (expiresIn == null || !(expiresIn.isNumber() || expiresIn.isString())) {
      return null;
    }
    double seconds = expiresIn.asDouble(0);
    return seconds >= 1 && seconds <= LONGEST_LIFE_SECONDS
        ? Duration.ofSeconds((long) seconds)
        : null;
  }

  private static List<String> scopes(@Nullable JsonNode scope) {
    List<String> scopes = new ArrayList<>();
    if (scope != null && scope.isString()) {
      scopes.addAll(List.of(SCOPE_SEPARATOR.split(scope.stringValue())));
    } else if (scope != null && scope.isArray()) {
      scope.forEach(one -> scopes.add(one.asString("")));
    }
    scopes.removeIf(String::isBlank);
    return scopes;
  }

  /** Returns a member, or {@code null} if it is missing, null or an empty text. */
  private static @Nullable JsonNode present(Map<String, JsonNode> members, String name) {
    JsonNode member = members.get(name);
    boolean absent =
        member == null || member.isNull() || (member.isString() && member.stringValue().isEmpty());
    return absent ? null : member;
  }

  /** Returns the members, or {@code null} if the body is nothing that has members. */
  private static @Nullable Map<String, JsonNode> members(
      @Nullable String contentType, String body) {
    if (body.stripLeading().startsWith("{")) {
      return json(body);
    }
    boolean maybeForm =
        "application/x-www-form-urlencoded".equals(contentType) || "text/plain".equals(contentType);
    return maybeForm ? form(body.strip()) : null;
  }

  private static @Nullable Map<String, JsonNode> json(String body) {
    try {
      Map<String, JsonNode> members = new LinkedHashMap<>();
      JSON.readTree(body).forEachEntry(members::put);
      return members;
    } catch (JacksonException e) {
      return null;
    }
  }

  /** Some endpoints, GitHub's for one, answer with a form unless they are asked for JSON. */
  private static @Nullable Map<String, JsonNode> form(String body) {
    Map<String, JsonNode> members = new LinkedHashMap<>();
    try {
      for (String pair : body.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals < 0) {
          return null;
        }
        String name = URLDecoder.decode(pair.substring(0, equals), UTF_8);
        String value = URLDecoder.decode(pair.substring(equals + 1), UTF_8);
        if (members.put(name, StringNode.valueOf(value)) != null) {
          return null;
        }
      }
    } catch (IllegalArgumentException e) {
      return null;
    }
    return members;
  }
}
