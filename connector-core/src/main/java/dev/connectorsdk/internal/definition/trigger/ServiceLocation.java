package dev.connectorsdk.internal.definition.trigger;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.Placeholders;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.OperationClient;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the header Location of a service means: one of the definition's operations, so that its
 * policies apply, or else an address that has to be among the connection's hosts.
 *
 * @param basePath of the definition, without a slash at the end
 */
record ServiceLocation(String basePath, Operations operations) {

  private static final int MAX_IN_SEGMENT = 2;
  private static final int MAX_SEGMENT = 4096;

  /** Returns the operations that can remove something, those that people are not offered first. */
  private List<Operation> deletes() {
    return operations.all().stream()
        .filter(o -> !o.isTrigger() && o.request().method().equals("DELETE") && o.isSupported())
        .sorted((a, b) -> Boolean.compare(b.declared().isInternal(), a.declared().isInternal()))
        .toList();
  }

  /** Returns the parameter of an operation that is sent in the query under this name. */
  @Nullable String parameter(Operation operation, String name) {
    for (Parameter parameter : operation.parameters()) {
      if (parameter.in() == ParameterPlace.QUERY && parameter.name().equalsIgnoreCase(name)) {
        return parameter.name();
      }
    }
    return null;
  }

  /** Asks where an answer said to ask next: the same operation with another query, or a URL. */
  JsonNode follow(
      OperationClient client, JsonNode configuration, String location, ActionContext context) {
    URI uri = uri(location);
    String own = client.request(configuration).path();
    String path = uri.getRawPath();
    boolean sameOperation =
        "connector".equals(uri.getScheme())
            || path == null
            || path.isEmpty()
            || path.equals(own)
            || path.equals(basePath + own);
    return sameOperation
        ? client.exchange(configuration, context, request -> request.replaceQuery(query(uri)))
        : client.follow(configuration, context, location);
  }

  /**
   * Returns what to keep of a subscription.
   *
   * @param location of the answer to it
   * @param configuration with which it was made: what its removal asks for by the same name, and
   *     the Location does not say, is kept
   */
  MadeSubscription made(String location, JsonNode configuration) {
    ObjectNode kept = JsonNodeFactory.instance.objectNode();
    try {
      for (Operation operation : deletes()) {
        ObjectNode said = named(operation, location);
        if (said != null) {
          keep(operation, said, configuration, kept);
        }
      }
    } catch (ResponseException noUrl) {
      // The subscription is made all the same, and its removal says so.
    }
    return new MadeSubscription(location, kept);
  }

  private static void keep(
      Operation operation, ObjectNode said, JsonNode configuration, ObjectNode kept) {
    for (Parameter parameter : operation.parameters()) {
      String name = parameter.name();
      if (!parameter.isBody() && !said.has(name) && configuration.path(name).isValueNode()) {
        kept.set(name, configuration.get(name));
      }
    }
  }

  /** Removes what a Location names. What is gone already is no error. */
  void delete(MadeSubscription made, ActionContext context) {
    URI uri = uri(made.location());
    try {
      for (Operation operation : deletes()) {
        ObjectNode input = named(operation, made.location());
        if (input != null && removed(operation, completed(input, operation, made), context)) {
          return;
        }
      }
      // Relative to the service, not below its base path.
      URI target = context.http().baseUrl().resolve(uri);
      context.http().callEncoded("DELETE", target.toString()).send();
    } catch (ServiceException e) {
      if (e.status() != 404 && e.status() != 410) {
        throw e;
      }
    }
  }

  private static ObjectNode completed(
      ObjectNode input, Operation operation, MadeSubscription made) {
    for (Parameter parameter : operation.parameters()) {
      JsonNode kept = made.inputs().get(parameter.name());
      if (kept != null && !input.has(parameter.name())) {
        input.set(parameter.name(), kept);
      }
    }
    return input;
  }

  /**
   * Returns the input of an operation that a Location holds, or {@code null} if it means another.
   */
  private @Nullable ObjectNode named(Operation operation, String location) {
    URI uri = uri(location);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    boolean isMeant =
        matches(operation, path, input)
            || (path.startsWith(basePath)
                && matches(operation, path.substring(basePath.length()), input));
    if (!isMeant) {
      return null;
    }
    for (QueryParameter field : query(uri)) {
      String name = parameter(operation, field.name());
      if (name != null) {
        input.put(name, field.value());
      }
    }
    return input;
  }

  /** A Location that does not say all that an operation asks for does not mean it. */
  private boolean removed(Operation operation, ObjectNode input, ActionContext context) {
    try {
      operations.client(operation).exchange(input, context, request -> {});
      return true;
    } catch (InvalidInputException incomplete) {
      return false;
    }
  }

  private static boolean matches(Operation operation, String path, ObjectNode input) {
    String[] template = withoutEnd(operation.declared().path().split("\\?", 2)[0]).split("/", -1);
    String[] segments = withoutEnd(path).split("/", -1);
    if (template.length != segments.length) {
      return false;
    }
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < segments.length; i++) {
      if (!matchesSegment(template[i], segments[i], values)) {
        return false;
      }
    }
    input.setAll(values);
    return true;
  }

  private static String withoutEnd(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** One segment at a time: what a definition writes must not make matching long. */
  private static boolean matchesSegment(String template, String segment, ObjectNode values) {
    List<String> names = new ArrayList<>();
    StringBuilder regex = new StringBuilder();
    for (Placeholders.Part part : Placeholders.parts(template)) {
      if (part.isPlaceholder()) {
        names.add(part.text());
      }
      regex.append(part.isPlaceholder() ? "(.+)" : Pattern.quote(part.text()));
    }
    if (names.size() > MAX_IN_SEGMENT || segment.length() > MAX_SEGMENT) {
      return false;
    }
    Matcher matcher = Pattern.compile(regex.toString()).matcher(segment);
    if (!matcher.matches()) {
      return false;
    }
    for (int i = 0; i < names.size(); i++) {
      values.put(names.get(i), PercentEncoding.decode(matcher.group(i + 1)));
    }
    return true;
  }

  private static List<QueryParameter> query(URI uri) {
    return QueryParameter.parse(uri.getRawQuery(), true);
  }

  private static URI uri(String location) {
    try {
      return new URI(location.trim().replace(" ", "%20"));
    } catch (URISyntaxException e) {
      throw new ResponseException("The header Location of the service's answer is no URL");
    }
  }
}
