package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.auth.AuthScheme;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * Returns how a scheme is applied for a connection.
   *
   * @param parameter the connection's parameters that are not secret, by name without regard to
   *     case; {@code null} for one that it does not have
   * @return nothing if no member of a gateway could do that
   */
  public static Optional<Application> of(
      AuthScheme scheme, Function<String, @Nullable String> parameter) {
    if (SchemeJson.write(scheme).isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, String> used = new TreeMap<>();
    for (String name : names(scheme)) {
      String value = parameter.apply(name);
      if (value != null) {
        used.put(name, value);
      }
    }
    return Optional.of(new Application(scheme, used));
  }

  private static Set<String> names(AuthScheme scheme) {
    Stream<String> asked = scheme.parameters().stream().map(ConnectionParameter::name);
    return Stream.concat(asked, namedInTemplates(scheme))
        .map(name -> name.toLowerCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> namedInTemplates(AuthScheme scheme) {
    if (!(scheme instanceof SignatureScheme signature)) {
      return Stream.of();
    }
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
    json.set("scheme", SchemeJson.write(scheme).orElseThrow());
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
    return new Application(SchemeJson.read(json.path("scheme")), parameters);
  }
}
