package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.auth.ApiKeyScheme.Placement;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.OAuth2Scheme.Grant;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.auth.RequestTemplate.Format;
import dev.connectorsdk.api.auth.TokenFields;
import dev.connectorsdk.api.auth.TokenPlace;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OAuth 2.0 client credentials grant (RFC 6749 section 4.4) as JSON, as far as a member of a
 * gateway gets tokens by it.
 */
final class ClientCredentialsJson {

  private static final Set<ClientAuthentication> KNOWN =
      Set.of(
          ClientAuthentication.BASIC,
          ClientAuthentication.BASIC_RAW,
          ClientAuthentication.POST,
          ClientAuthentication.POST_OR_BASIC,
          ClientAuthentication.TLS);

  private ClientCredentialsJson() {}

  /** Returns why members of a gateway get no tokens in this way; empty if they do. */
  static Optional<String> obstacle(OAuth2Scheme scheme) {
    if (scheme.grant() != Grant.CLIENT_CREDENTIALS) {
      return Optional.of(
          "members of a gateway get no tokens by the OAuth 2.0 grant " + scheme.grant());
    }
    if (!scheme.isClientFromConnection() || scheme.isClientless()) {
      return Optional.of("the OAuth client of the host stays with the host");
    }
    if (scheme.renewal() == Renewal.REFRESH_TOKEN || scheme.renewal() == Renewal.ACCESS_TOKEN) {
      return Optional.of("members of a gateway keep no refresh tokens");
    }
    if (!KNOWN.contains(scheme.clientAuthentication())) {
      return Optional.of(
          "members of a gateway do not authenticate OAuth clients by "
              + scheme.clientAuthentication());
    }
    return isUsual(scheme.exchange()) && hasNothingElse(scheme)
        ? Optional.empty()
        : Optional.of(
            "members of a gateway send no other token request than a form, and read no other answer"
                + " than RFC 6749 has, without discovery, further requests or DPoP");
  }

  private static boolean isUsual(RequestTemplate request) {
    return request.method().equals("POST")
        && request.format() == Format.FORM
        && request.clientAuthentication() == null
        && request.parameters().keySet().stream().noneMatch(request::isRaw)
        && Stream.of("client_id", "client_secret").allMatch(n -> request.nameOf(n).equals(n))
        && isUsual(request.answer());
  }

  private static boolean isUsual(TokenFields answer) {
    TokenFields usual = TokenFields.standard();
    return answer.accessToken().equals(usual.accessToken())
        && answer.scope().equals(usual.scope())
        && answer.error().equals(usual.error())
        && answer.expiry().equals(usual.expiry())
        && answer.success() == null
        && answer.captures().isEmpty()
        && answer.values().isEmpty()
        && answer.tokens().isEmpty();
  }

  private static boolean hasNothingElse(OAuth2Scheme scheme) {
    return scheme.followUps().isEmpty()
        && scheme.dpop() == null
        && !scheme.isDiscovered()
        && scheme.callbackCaptures().isEmpty();
  }

  /** Returns all texts in which connection parameters may stand in braces, but for the URL. */
  static Stream<String> templates(OAuth2Scheme scheme) {
    RequestTemplate request = scheme.exchange();
    return Stream.of(
            request.headers().values().stream(),
            request.parameters().values().stream(),
            scheme.scopes().stream(),
            scheme.resources().stream(),
            scheme.tokenPlaces().stream().map(TokenPlace::template))
        .flatMap(all -> all);
  }

  static void write(OAuth2Scheme scheme, ObjectNode json) {
    RequestTemplate request = scheme.exchange();
    json.put("tokenUrl", request.url()).put("client", name(scheme.clientAuthentication()));
    write(request.headers(), json.putArray("headers"));
    write(request.parameters(), json.putArray("form"));
    write(scheme.scopes(), json.putArray("scopes"));
    json.put("separator", scheme.scopeSeparator());
    write(scheme.resources(), json.putArray("resources"));
    ArrayNode places = json.putArray("places");
    for (TokenPlace place : scheme.tokenPlaces()) {
      places
          .addObject()
          .put("in", name(place.placement()))
          .put("name", place.name())
          .put("template", place.template());
    }
    write(scheme.bearerTokenTypes(), json.putArray("types"));
    write(scheme.errorCodes(), json.putArray("errors"));
    Duration margin = scheme.refreshMargin();
    json.put("margin", margin == null ? null : margin.toString());
    json.put("renewal", name(scheme.renewal()));
  }

  private static void write(Map<String, String> texts, ArrayNode pairs) {
    texts.forEach((name, text) -> pairs.addObject().put("name", name).put("text", text));
  }

  private static void write(List<String> texts, ArrayNode json) {
    texts.forEach(json::add);
  }

  private static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static OAuth2Scheme read(JsonNode json) {
    OAuth2Scheme scheme =
        OAuth2Scheme.clientCredentials(RequiredText.of(json, "tokenUrl"))
            .exchange(request -> request(request.withoutParameters(), json))
            .clientAuthentication(SchemeJson.constant(ClientAuthentication.class, json, "client"))
            .scopes(texts(json, "scopes"))
            .scopeSeparator(RequiredText.of(json, "separator"))
            .resources(texts(json, "resources"))
            .sendingToken(places(json))
            .bearerTokenTypes(texts(json, "types"))
            .renewal(SchemeJson.constant(Renewal.class, json, "renewal"));
    for (JsonNode pair : json.path("errors")) {
      scheme = scheme.errorCode(RequiredText.of(pair, "name"), RequiredText.of(pair, "text"));
    }
    Duration margin = margin(json);
    return required(margin == null ? scheme : scheme.refreshMargin(margin));
  }

  /** Whoever seals could say anything. */
  private static OAuth2Scheme required(OAuth2Scheme scheme) {
    obstacle(scheme)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    return scheme;
  }

  private static RequestTemplate request(RequestTemplate empty, JsonNode json) {
    RequestTemplate request = empty;
    for (JsonNode pair : json.path("headers")) {
      request = request.header(RequiredText.of(pair, "name"), RequiredText.of(pair, "text"));
    }
    for (JsonNode pair : json.path("form")) {
      request = request.parameter(RequiredText.of(pair, "name"), RequiredText.of(pair, "text"));
    }
    return request;
  }

  private static String[] texts(JsonNode json, String member) {
    List<String> texts = new ArrayList<>();
    json.path(member).forEach(text -> texts.add(text.asString("")));
    return texts.toArray(String[]::new);
  }

  private static TokenPlace[] places(JsonNode json) {
    List<TokenPlace> places = new ArrayList<>();
    for (JsonNode place : json.path("places")) {
      places.add(
          new TokenPlace(
              SchemeJson.constant(Placement.class, place, "in"),
              RequiredText.of(place, "name"),
              RequiredText.of(place, "template")));
    }
    return places.toArray(TokenPlace[]::new);
  }

  private static @Nullable Duration margin(JsonNode json) {
    if (json.path("margin").isNull()) {
      return null;
    }
    try {
      return Duration.parse(RequiredText.of(json, "margin"));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'margin' is no duration");
    }
  }
}
