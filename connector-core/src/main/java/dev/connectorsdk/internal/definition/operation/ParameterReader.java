package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.request.CredentialPlace;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.definition.request.PathStyle;
import dev.connectorsdk.internal.http.HeaderRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the parameters of one operation, each with what keeps it from being sent. */
final class ParameterReader {

  private final String method;
  private final String pointer;
  private final DeclaredSchemas schemas;
  private final Set<CredentialPlace> places;
  private final Warnings warnings;
  private final List<String> obstacles;
  private final Map<String, String> unsent = new LinkedHashMap<>();

  /**
   * @param method the one that is sent
   * @param pointer of the operation
   * @param places what authentication puts into every request, whatever the option
   * @param obstacles takes what keeps the operation from being called
   */
  ParameterReader(
      String method,
      String pointer,
      DeclaredSchemas schemas,
      Set<CredentialPlace> places,
      Warnings warnings,
      List<String> obstacles) {
    this.method = method;
    this.pointer = pointer;
    this.schemas = schemas;
    this.places = places;
    this.warnings = warnings;
    this.obstacles = obstacles;
  }

  /**
   * Reads both lists. The operation's own parameter replaces that of the path item with the same
   * name and place.
   */
  List<Parameter> read(JsonNode ofPath, JsonNode own) {
    Map<String, JsonNode> declared = new LinkedHashMap<>();
    declare(ofPath, declared);
    declare(own, declared);
    List<Parameter> parameters = new ArrayList<>();
    Map<String, Parameter> names = new HashMap<>();
    for (JsonNode node : declared.values()) {
      Parameter parameter = parameter(node);
      if (parameter != null) {
        requireOneBody(parameter, parameters, names.putIfAbsent(parameter.name(), parameter));
        parameters.add(parameter);
      }
    }
    return parameters;
  }

  /** Returns why what a caller gives for some parameters cannot be sent, by their names. */
  Map<String, String> unsent() {
    return unsent;
  }

  private void declare(JsonNode list, Map<String, JsonNode> declared) {
    if (!list.isMissingNode() && !list.isArray()) {
      obstacles.add("its parameters are not a list");
      return;
    }
    for (JsonNode entry : list) {
      JsonNode parameter = schemas.resolve(entry);
      String name = Lookup.text(parameter, "name");
      String in = Lookup.text(parameter, "in");
      if (name == null || in == null) {
        String target = DeclaredSchemas.target(entry);
        obstacles.add(
            target == null
                ? "one of its parameters has no name or place"
                : "one of its parameters refers to nothing: " + target);
        continue;
      }
      declared.put(Lookup.lower(in) + " " + name, parameter);
    }
  }

  /** What is given under a name goes to every place of that name, as in flow definitions. */
  private void requireOneBody(
      Parameter parameter, List<Parameter> before, @Nullable Parameter namesake) {
    if (namesake != null && (namesake.isBody() || parameter.isBody())) {
      obstacles.add("its body and another parameter are called '" + parameter.name() + "'");
    }
    boolean field = parameter.in() == ParameterPlace.FORM;
    if (before.stream()
        .anyMatch(
            p ->
                p.isBody()
                    ? field || parameter.isBody()
                    : p.in() == ParameterPlace.FORM && parameter.isBody())) {
      obstacles.add("it has several bodies");
    }
  }

  private @Nullable Parameter parameter(JsonNode node) {
    String name = node.path("name").stringValue();
    ParameterPlace in = place(node.path("in").stringValue());
    if (in == null) {
      obstacles.add("the parameter '" + name + "' has an unknown place");
      return null;
    }
    JsonNode schema = in == ParameterPlace.BODY ? node.path("schema") : node;
    boolean required = in == ParameterPlace.PATH || Lookup.isTrue(node.get("required"));
    String why = whyUnsent(name, in);
    if (why != null) {
      warnings.add(pointer, "the parameter '" + name + "' " + why);
      return unsent(name, in, required, node, why);
    }
    boolean internal =
        DeclaredSchemas.isMarkedInternal(node)
            || (in == ParameterPlace.BODY && schemas.isInternal(schema));
    JsonNode usual = internal ? schemas.defaultOf(schema) : schemas.usualOf(schema);
    return new Parameter(
        name, in, required, internal, schema, sendable(usual, in), style(node), node);
  }

  /** Returns what takes a value that goes nowhere; {@code null} if such a value is refused. */
  private @Nullable Parameter unsent(
      String name, ParameterPlace in, boolean required, JsonNode node, String why) {
    if (isOfOthers(name, in)) {
      return new Parameter(
          name, ParameterPlace.NOWHERE, false, true, node, null, PathStyle.SINGLE, node);
    }
    // What a caller has to give must not get lost; a constant under no name never arrived.
    if (required
        && in == ParameterPlace.HEADER
        && (HeaderRules.isName(name) || !DeclaredSchemas.isMarkedInternal(node))) {
      obstacles.add("the required header '" + name + "' " + headerProblem(name));
    }
    unsent.put(name, why);
    return null;
  }

  private static @Nullable ParameterPlace place(String declared) {
    return switch (Lookup.lower(declared.trim())) {
      case "path" -> ParameterPlace.PATH;
      case "query" -> ParameterPlace.QUERY;
      case "header" -> ParameterPlace.HEADER;
      case "formdata" -> ParameterPlace.FORM;
      case "body" -> ParameterPlace.BODY;
      default -> null;
    };
  }

  /** A path has no place for nothing; forms write it for a field to be filled in. */
  private static @Nullable JsonNode sendable(@Nullable JsonNode usual, ParameterPlace in) {
    boolean nothing = in == ParameterPlace.PATH && usual != null && "".equals(Scalars.text(usual));
    return nothing ? null : usual;
  }

  /** Returns why no request carries a parameter, or {@code null} if requests do. */
  private @Nullable String whyUnsent(String name, ParameterPlace in) {
    if (isOfCredential(name, in)) {
      return "is never sent: the connection sends its credential there";
    }
    if (in == ParameterPlace.HEADER) {
      String problem = headerProblem(name);
      return problem == null ? null : problem + " and is never sent";
    }
    boolean ofBody = in == ParameterPlace.BODY || in == ParameterPlace.FORM;
    return ofBody && (method.equals("GET") || method.equals("HEAD"))
        ? "is never sent: a " + method + " request has no body"
        : null;
  }

  /** What the connection and the HTTP client write by themselves is there all the same. */
  private boolean isOfOthers(String name, ParameterPlace in) {
    return isOfCredential(name, in)
        || (in == ParameterPlace.HEADER && HeaderRules.kind(name) == HeaderRules.Kind.OF_TRANSPORT);
  }

  private boolean isOfCredential(String name, ParameterPlace in) {
    return places.contains(new CredentialPlace(in, Lookup.lower(name)));
  }

  private static @Nullable String headerProblem(String name) {
    return HeaderRules.isName(name) ? HeaderRules.kind(name).problem() : "is not a header name";
  }

  private static PathStyle style(JsonNode node) {
    if (Lookup.isTrue(node.get("x-ms-skip-url-encoding"))
        || Lookup.isTrue(node.get("x-multi-segment"))) {
      return PathStyle.RAW;
    }
    String encoding = Lookup.text(node, "x-ms-url-encoding");
    return encoding != null && encoding.trim().equalsIgnoreCase("double")
        ? PathStyle.DOUBLE
        : PathStyle.SINGLE;
  }
}
