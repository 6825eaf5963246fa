package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is said of a client when it is registered, and what is answered; RFC 7591 section 3.
 *
 * @param redirectUri {@code null} if no browser comes back
 */
record RegistrationMessage(
    String clientName,
    boolean device,
    boolean refreshed,
    String method,
    @Nullable URI redirectUri,
    List<String> scopes) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LONGEST_VALUE = 4096;
  private static final int LONGEST_WORDS = 200;

  /** What a service says of a client that it has registered. */
  record Registered(
      String id,
      @Nullable Secret secret,
      String method,
      @Nullable Instant expiresAt,
      RegisteredClient.@Nullable Management management) {}

  byte[] body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("client_name", clientName);
    list(body, "redirect_uris", redirectUri == null ? null : redirectUri.toString());
    list(body, "grant_types", grant(), refreshed ? "refresh_token" : null);
    list(body, "response_types", device ? null : "code");
    body.put("token_endpoint_auth_method", method);
    boolean here = redirectUri == null || "http".equalsIgnoreCase(redirectUri.getScheme());
    body.put("application_type", here ? "native" : "web");
    if (!scopes.isEmpty()) {
      body.put("scope", String.join(" ", scopes));
    }
    return JSON.writeValueAsBytes(body);
  }

  private String grant() {
    return device ? "urn:ietf:params:oauth:grant-type:device_code" : "authorization_code";
  }

  private static void list(ObjectNode body, String name, @Nullable String... texts) {
    ArrayNode list = body.putArray(name);
    Stream.of(texts).filter(Objects::nonNull).forEach(list::add);
  }

  /**
   * Reads the answer to a registration.
   *
   * @param url where it was registered; the client is deleted on the same origin only
   * @throws StepFailure if there is no client that can be used
   */
  Registered read(AnswerBody answer, URI url) {
    if (!answer.isExactObject() || !answer.text().startsWith("{")) {
      throw unusable("is no JSON object");
    }
    String id = text(answer, "client_id");
    if (id == null) {
      throw unusable("has no client_id");
    }
    String said = text(answer, "token_endpoint_auth_method");
    String proved = said == null ? method : said;
    Secret secret = authentication(proved).usesSecret() ? secret(answer) : null;
    requireRedirectUri(answer);
    return new Registered(
        id, secret, proved, secret == null ? null : expiry(answer), management(answer, url));
  }

  private static Secret secret(AnswerBody answer) {
    String secret = text(answer, "client_secret");
    if (secret == null) {
      throw unusable("has no client_secret");
    }
    return Secret.of(secret);
  }

  private void requireRedirectUri(AnswerBody answer) {
    JsonNode registered = answer.find(List.of("/redirect_uris"));
    if (redirectUri == null || registered == null) {
      return;
    }
    for (JsonNode uri : registered) {
      if (uri.asString("").equals(redirectUri.toString())) {
        return;
      }
    }
    throw unusable("is of a client with other redirect URIs");
  }

  private static @Nullable Instant expiry(AnswerBody answer) {
    JsonNode seconds = answer.find(List.of("/client_secret_expires_at"));
    if (seconds == null) {
      return null;
    }
    if (!seconds.isNumber() || seconds.doubleValue() < 0) {
      throw unusable("has a client_secret_expires_at that is no time");
    }
    try {
      long at = seconds.longValue();
      return at == 0 ? null : Instant.ofEpochSecond(at);
    } catch (DateTimeException | JacksonException e) {
      throw unusable("has a client_secret_expires_at that is no time");
    }
  }

  private static RegisteredClient.@Nullable Management management(AnswerBody answer, URI url) {
    String uri = text(answer, "registration_client_uri");
    String token = text(answer, "registration_access_token");
    return uri != null && token != null && isOnOriginOf(url, uri)
        ? new RegisteredClient.Management(uri, Secret.of(token))
        : null;
  }

  private static boolean isOnOriginOf(URI url, String text) {
    try {
      return Origin.of(url).equals(Origin.of(URI.create(text)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Returns a text of the characters that RFC 6749 appendix A allows, or {@code null} for none. */
  private static @Nullable String text(AnswerBody answer, String name) {
    JsonNode found = answer.find(List.of("/" + name));
    if (found == null) {
      return null;
    }
    String text = found.isString() ? found.stringValue() : "";
    if (text.isBlank()
        || text.length() > LONGEST_VALUE
        || !text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw unusable("has a " + name + " that is no text, or not a printable one");
    }
    return text;
  }

  /** Returns what a service says why it registers no client. Nothing secret was sent to it. */
  static String refusal(AnswerBody answer, int status) {
    JsonNode error = answer.find(List.of("/error"));
    String code = error == null ? "status " + status : ErrorCodes.printable(error.asString(""));
    JsonNode description = answer.find(List.of("/error_description"));
    if (description == null || !description.isString()) {
      return code;
    }
    StringBuilder words = new StringBuilder();
    description
        .stringValue()
        .chars()
        .limit(LONGEST_WORDS)
        .forEach(c -> words.append(c >= ' ' && c <= '~' ? (char) c : '?'));
    return code + " (" + words + ")";
  }

  /**
   * Returns the name of a method; RFC 7591 section 2.
   *
   * @throws StepFailure if it needs more than a registration gives
   */
  static String method(ClientAuthentication authentication) {
    return switch (authentication) {
      case BASIC, BASIC_RAW -> "client_secret_basic";
      case POST, POST_OR_BASIC -> "client_secret_post";
      case NONE -> "none";
      case CLIENT_SECRET_JWT -> "client_secret_jwt";
      case PRIVATE_KEY_JWT, TLS, AS_WRITTEN ->
          throw new StepFailure(
              Kind.MISCONFIGURED,
              "no client is registered by itself that proves itself by " + authentication);
    };
  }

  static ClientAuthentication authentication(String method) {
    return switch (method) {
      case "client_secret_basic" -> ClientAuthentication.BASIC;
      case "client_secret_post" -> ClientAuthentication.POST;
      case "none" -> ClientAuthentication.NONE;
      case "client_secret_jwt" -> ClientAuthentication.CLIENT_SECRET_JWT;
      default -> throw unusable("wants the client proved in another way than was asked for");
    };
  }

  static boolean isMethodOf(ClientAuthentication authentication, String method) {
    return method.equals(method(authentication))
        || (authentication == ClientAuthentication.POST_OR_BASIC
            && Set.of("client_secret_basic", "client_secret_post").contains(method));
  }

  private static StepFailure unusable(String problem) {
    return new StepFailure(
        Kind.MISCONFIGURED, "the answer of the registration endpoint " + problem);
  }
}
