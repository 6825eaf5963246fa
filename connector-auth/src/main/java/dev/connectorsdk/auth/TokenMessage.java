package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.id.ClientID;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.ClientAuthentication;
import dev.connectorsdk.api.auth.RequestTemplate;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.auth.StepFailure.Kind;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A request of a scheme, as it is put on the wire. A request that is sent again is made again: its
 * client assertion counts once.
 */
final class TokenMessage {

  private static final String ASSERTION_TYPE =
      "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  private static final Set<String> PROTOCOL =
      Set.of(
          "response_type",
          "response_mode",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "nonce",
          "code_challenge",
          "code_challenge_method",
          "resource",
          "request",
          "request_uri");
  private static final Set<String> PUBLIC =
      Set.of(
          "audience",
          "client_assertion_type",
          "client_id",
          "grant_type",
          "redirect_uri",
          "requested_token_type",
          "resource",
          "scope",
          "subject_token_type",
          "token_type_hint");
  private static final Set<String> WHAT_FOR =
      Set.of("audience", "requested_token_type", "resource", "scope", "subject_token_type");

  private record Field(String name, String value, boolean raw) {}

  private final RequestTemplate template;
  private final URI url;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final List<Field> fields = new ArrayList<>();

  private TokenMessage(RequestTemplate template, URI url) {
    this.template = template;
    this.url = url;
  }

  /**
   * Fills in a request.
   *
   * @param client by which it is made, or {@code null} for none
   */
  static TokenMessage of(
      RequestTemplate template,
      StepValues values,
      @Nullable OAuthClient client,
      OAuth2Scheme scheme,
      AuthContext context) {
    values.as(client);
    TokenMessage message = new TokenMessage(template, values.url(template.url()));
    message.fill(values);
    if (client != null) {
      message.prove(client, values, scheme, context);
    }
    for (Map.Entry<String, String> header : template.headers().entrySet()) {
      message.header(header.getKey(), values.expand(header.getValue()));
    }
    return message;
  }

  /**
   * Fills in the URL at which a user signs in; RFC 6749 section 4.1.1.
   *
   * @param values with {@code redirect_uri}, {@code state} and, if others are asked for than those
   *     of the scheme, {@code scope}
   */
  static TokenMessage authorization(RequestTemplate template, StepValues values) {
    TokenMessage message = new TokenMessage(template, values.browserUrl(template.url()));
    message.fill(values);
    return message;
  }

  private void fill(StepValues values) {
    for (Map.Entry<String, String> parameter : template.parameters().entrySet()) {
      String name = parameter.getKey();
      put(name, value(name, parameter.getValue(), values), template.isRaw(name));
    }
  }

  /** A template may add scopes to those that were granted, which may be among them. */
  private static String value(String name, String template, StepValues values) {
    String value = values.expand(template);
    return name.equals("scope") ? values.distinct(value) : value;
  }

  /** Returns whether a parameter says for what a token is wanted. */
  static boolean saysWhatFor(String name) {
    return WHAT_FOR.contains(name);
  }

  /** Adds a parameter in place of one of the same name, but for those of the protocol. */
  void adding(String name, String value) {
    if (!PROTOCOL.contains(name)
        && PROTOCOL.stream().map(template::nameOf).noneMatch(name::equals)) {
      fields.removeIf(field -> field.name().equals(name));
      put(name, value, false);
    }
  }

  /** Adds values of a parameter that may come several times. */
  TokenMessage and(String name, List<String> values) {
    values.forEach(value -> put(name, value, false));
    return this;
  }

  TokenMessage header(String name, String value) {
    if (!value.isEmpty()) {
      if (!CredentialText.isForHeader(value)) {
        throw new StepFailure(
            Kind.MISCONFIGURED, "the value of header " + name + " cannot stand in a header");
      }
      headers.put(name, value);
    }
    return this;
  }

  /**
   * Sends a token that is bound to a key as what it is, where the request carries it; RFC 9449
   * section 7.1.
   *
   * @return the token, or {@code null} if the request does not carry it
   */
  @Nullable Secret sendBound(@Nullable String token) {
    String sent = headers.get("Authorization");
    if (token == null
        || sent == null
        || !(sent.equalsIgnoreCase("Bearer " + token) || sent.equals("DPoP " + token))) {
      return null;
    }
    headers.put("Authorization", "DPoP " + token);
    return Secret.of(token);
  }

  private void put(String standardName, String value, boolean raw) {
    if (!value.isEmpty()) {
      fields.add(new Field(template.nameOf(standardName), value, raw));
    }
  }

  private boolean has(String standardName) {
    String name = template.nameOf(standardName);
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Proves the client by exactly one method; RFC 6749 section 2.3. */
  private void prove(
      OAuthClient client, StepValues values, OAuth2Scheme scheme, AuthContext context) {
    switch (client.method()) {
      case BASIC, BASIC_RAW -> header("Authorization", basic(client));
      case POST, POST_OR_BASIC -> {
        putOnce("client_id", client.id());
        putOnce("client_secret", revealed(client.secret()));
      }
      case NONE, TLS -> putOnce("client_id", client.id());
      case AS_WRITTEN -> {
        // The templates of the request have it where the provider wants it.
      }
      case CLIENT_SECRET_JWT, PRIVATE_KEY_JWT -> {
        putOnce("client_id", client.id());
        putOnce("client_assertion_type", ASSERTION_TYPE);
        putOnce("client_assertion", assertion(client, values, scheme, context));
      }
    }
  }

  private static String basic(OAuthClient client) {
    String secret = revealed(client.secret());
    if (client.method() == ClientAuthentication.BASIC_RAW) {
      byte[] pair = (client.id() + ":" + secret).getBytes(UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
    return new ClientSecretBasic(
            new ClientID(client.id()), new com.nimbusds.oauth2.sdk.auth.Secret(secret))
        .toHTTPAuthorizationHeader();
  }

  private static String assertion(
      OAuthClient client, StepValues values, OAuth2Scheme scheme, AuthContext context) {
    Secret key = client.signsBySecret() ? client.secret() : client.key();
    if (key == null) {
      throw new StepFailure(Kind.CLIENT_REFUSED, "its client has nothing to sign with");
    }
    return Jwts.clientAssertion(
        client, key, scheme.assertionAlgorithm(), audience(scheme, values), context);
  }

  private static String audience(OAuth2Scheme scheme, StepValues values) {
    String named = scheme.assertionAudience();
    String audience = values.expand(named == null ? "{issuer}" : named);
    if (audience.isEmpty()) {
      throw new StepFailure(
          Kind.MISCONFIGURED,
          "its client proves itself to an issuer, and the scheme does not name one; see"
              + " OAuth2Scheme.issuedBy");
    }
    return audience;
  }

  private static String revealed(@Nullable Secret secret) {
    return secret == null ? "" : secret.reveal();
  }

  private void putOnce(String name, String value) {
    if (!has(name)) {
      put(name, value, false);
    }
  }

  /** Returns the parameters but the resources, by name. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Field field : fields) {
      if (!field.name().equals("resource")) {
        parameters.put(field.name(), field.value());
      }
    }
    return parameters;
  }

  /** Returns all that is sent but for what everybody may know. */
  List<String> secrets() {
    List<String> secrets = new ArrayList<>(headers.values());
    for (Field field : fields) {
      if (!PUBLIC.contains(field.name())) {
        secrets.add(field.value());
      }
    }
    return secrets;
  }

  String method() {
    return template.method();
  }

  /** Returns the URL, with the parameters in its query if that is where they go. */
  String url() {
    return template.format() == RequestTemplate.Format.QUERY && !fields.isEmpty()
        ? AuthorizationUrl.with(url, encoded(PercentEncoding::encode)).toString()
        : url.toString();
  }

  URI endpoint() {
    return url;
  }

  Map<String, String> headers() {
    return headers;
  }

  String contentType() {
    return template.format() == RequestTemplate.Format.JSON
        ? "application/json"
        : "application/x-www-form-urlencoded";
  }

  /** Returns the body, which is empty where the parameters are in the query. */
  byte[] body() {
    return switch (template.format()) {
      case FORM -> encoded(text -> URLEncoder.encode(text, UTF_8)).getBytes(UTF_8);
      case JSON -> JsonMapper.shared().writeValueAsBytes(json());
      case QUERY -> new byte[0];
    };
  }

  private String encoded(UnaryOperator<String> encoding) {
    StringBuilder text = new StringBuilder();
    for (Field field : fields) {
      text.append(text.length() == 0 ? "" : "&").append(encoding.apply(field.name())).append('=');
      text.append(field.raw() ? tame(field.value()) : encoding.apply(field.value()));
    }
    return text.toString();
  }

  /** Leaves a value as it is, but for what would end it or break the URL. */
  private static String tame(String raw) {
    StringBuilder text = new StringBuilder();
    raw.codePoints()
        .forEach(
            c -> {
              boolean stays = c > ' ' && c < 0x7F && "&#\"<>\\^`{|}".indexOf(c) < 0;
              String one = Character.toString(c);
              text.append(stays ? one : PercentEncoding.encode(one));
            });
    return text.toString();
  }

  private ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    for (Field field : fields) {
      if (field.name().startsWith("/")) {
        put(root, JsonPointer.compile(field.name()), field.value());
      } else {
        put(root, field.name(), field.value());
      }
    }
    return root;
  }

  private static void put(ObjectNode root, JsonPointer place, String value) {
    ObjectNode object = root;
    JsonPointer pointer = place;
    for (; !pointer.tail().matches(); pointer = pointer.tail()) {
      String member = pointer.getMatchingProperty();
      object = object.get(member) instanceof ObjectNode inner ? inner : object.putObject(member);
    }
    put(object, pointer.getMatchingProperty(), value);
  }

  /** What a form repeats is an array in JSON. */
  private static void put(ObjectNode object, String name, String value) {
    JsonNode present = object.get(name);
    if (present == null) {
      object.put(name, value);
    } else if (present instanceof ArrayNode several) {
      several.add(value);
    } else {
      object.putArray(name).add(present).add(value);
    }
  }
}
