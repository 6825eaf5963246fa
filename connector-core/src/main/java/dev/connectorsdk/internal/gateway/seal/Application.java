package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.SignatureScheme;
import dev.connectorsdk.api.internal.Pipeline;
import dev.connectorsdk.api.internal.Placeholders;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a credential is applied to requests.
 *
 * @param scheme one that a member of a gateway can apply
 * @param parameters what else the scheme uses of a connection and is no secret, such as the user
 *     name; by name in lower case, in order
 */
public record Application(AuthScheme scheme, SortedMap<String, String> parameters) {

  private static final String PARAMETER = "parameter:";

  public Application {
    parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
  }

  /**
   * Returns where tokens are got, or {@code null} if none are.
   *
   * @throws IllegalArgumentException if it is no URL
   */
  @Nullable HttpUrl tokenUrl() {
    AuthScheme tokens = scheme;
    while (tokens instanceof ClientCertificateScheme certificate) {
      tokens = certificate.then();
    }
    return tokens instanceof OAuth2Scheme oauth ? HttpUrl.get(oauth.exchange().url()) : null;
  }

  /** Returns why no member of a gateway could apply a scheme; empty if one can. */
  public static Optional<String> obstacle(AuthScheme scheme) {
    return SchemeJson.obstacle(scheme);
  }

  /**
   * Returns how a scheme is applied for a connection.
   *
   * @param scheme one without {@link #obstacle}
   * @param parameter the connection's parameters that are not secret, by name without regard to
   *     case; {@code null} for one that it does not have
   * @param expand fills the connection's parameters into the template of a URL
   */
  public static Application of(
      AuthScheme scheme,
      Function<String, @Nullable String> parameter,
      UnaryOperator<String> expand) {
    SortedMap<String, String> used = new TreeMap<>();
    for (String name : names(scheme)) {
      String value = parameter.apply(name);
      if (value != null) {
        used.put(name, value);
      }
    }
    return new Application(expanded(scheme, expand), used);
  }

  private static AuthScheme expanded(AuthScheme scheme, UnaryOperator<String> expand) {
    if (scheme instanceof ClientCertificateScheme certificate) {
      return certificate.and(expanded(certificate.then(), expand));
    }
    return scheme instanceof OAuth2Scheme oauth
        ? oauth.exchange(request -> request.to(expand.apply(request.url())))
        : scheme;
  }

  /** Returns whether a member gets tokens, and new ones when the service has refused one. */
  public static boolean getsTokens(AuthScheme scheme) {
    return scheme instanceof OAuth2Scheme
        || (scheme instanceof ClientCertificateScheme certificate
            && getsTokens(certificate.then()));
  }

  private static Set<String> names(AuthScheme scheme) {
    Stream<String> asked = scheme.parameters().stream().map(ConnectionParameter::name);
    return Stream.concat(asked, namedInTemplates(scheme))
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> namedInTemplates(AuthScheme scheme) {
    if (scheme instanceof ClientCertificateScheme certificate) {
      return namedInTemplates(certificate.then());
    }
    if (scheme instanceof OAuth2Scheme oauth) {
      return ClientCredentialsJson.templates(oauth)
          .flatMap(template -> Placeholders.names(template).stream());
    }
    return scheme instanceof SignatureScheme signature ? namedIn(signature) : Stream.of();
  }

  private static Stream<String> namedIn(SignatureScheme signature) {
    Stream<String> templates =
        Stream.concat(
            Stream.of(signature.text()),
            signature.outputs().stream().map(SignatureScheme.Output::template));
    return templates
        .flatMap(template -> Placeholders.parts(template).stream())
        .filter(Placeholders.Part::isPlaceholder)
        .map(part -> Pipeline.parse(part.text()).source())
        .filter(source -> source.startsWith(PARAMETER))
        .map(source -> source.substring(PARAMETER.length()));
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("scheme", SchemeJson.write(scheme));
    ObjectNode named = json.putObject("parameters");
    parameters.forEach(named::put);
    return json;
  }

  /**
   * Returns what {@link #toJson} has written.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  static Application of(JsonNode json) {
    SortedMap<String, String> parameters = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : json.path("parameters").properties()) {
      parameters.put(each.getKey(), RequiredText.of(json.path("parameters"), each.getKey()));
    }
    Application read = new Application(SchemeJson.read(json.path("scheme")), parameters);
    read.tokenUrl();
    return read;
  }
}
