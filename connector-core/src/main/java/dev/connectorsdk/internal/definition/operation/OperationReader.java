package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.Corrections;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.DefinitionLimits;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.OperationIds;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.document.ServiceUrl;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.policy.OperationPolicies;
import dev.connectorsdk.internal.definition.policy.Policies;
import dev.connectorsdk.internal.definition.request.CredentialPlace;
import dev.connectorsdk.internal.definition.request.DeclaredAnswer;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.OperationPath;
import dev.connectorsdk.internal.definition.request.Parameter;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.definition.request.PathStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the operations of a definition, each with what keeps it from being called. */
public final class OperationReader {

  private static final Set<String> TRANSPORT_HEADERS =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "upgrade",
          "te",
          "trailer",
          "expect");
  private static final Set<String> RESERVED_HEADERS =
      Set.of("cookie", "authorization", "forwarded", "x-http-method-override");
  private static final String NOT_THEIRS = "belongs to the transport or to authentication";
  private static final String NO_NAME = "is not a header name";
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  private final JsonNode swagger;
  private final DeclaredSchemas schemas;
  private final Policies policies;
  private final ServiceUrl serviceUrl;
  private final Set<CredentialPlace> injected;
  private final Corrections corrections;
  private final Warnings warnings;
  private final OperationIds ids = new OperationIds();

  /**
   * Reads one document.
   *
   * @param injected what authentication puts into every request, whatever the option
   */
  public OperationReader(
      JsonNode swagger,
      DeclaredSchemas schemas,
      Policies policies,
      ServiceUrl serviceUrl,
      Set<CredentialPlace> injected,
      Corrections corrections,
      Warnings warnings) {
    this.swagger = swagger;
    this.schemas = schemas;
    this.policies = policies;
    this.serviceUrl = serviceUrl;
    this.injected = injected;
    this.corrections = corrections;
    this.warnings = warnings;
  }

  public List<Operation> read() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : swagger.path("paths").properties()) {
      String pathPointer = Lookup.pointer("/paths", path.getKey());
      if (!path.getValue().isObject()) {
        warnings.add(pathPointer, "is not an object; it has no operations");
        continue;
      }
      for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
        String key = member.getKey();
        String pointer = Lookup.pointer(pathPointer, key);
        if (OperationIds.METHODS.contains(Lookup.lower(key)) && member.getValue().isObject()) {
          operations.add(
              operation(path.getKey(), path.getValue(), key, member.getValue(), pointer));
          if (operations.size() > DefinitionLimits.OPERATIONS) {
            throw DefinitionLimits.tooManyOperations(warnings.file());
          }
        } else if (!key.equals("parameters") && !key.startsWith("x-")) {
          warnings.add(pointer, "is not an operation and was left out");
        }
      }
    }
    return operations;
  }

  private Operation operation(
      String path, JsonNode pathItem, String methodKey, JsonNode declared, String pointer) {
    String method = Lookup.upper(methodKey);
    List<String> obstacles = new ArrayList<>();
    String id = id(declared, method, path, pointer, obstacles);
    JsonNode node = corrections.applied(id, declared);
    String disabled = corrections.disabled(id);
    if (disabled != null) {
      obstacles.add("the host has disabled it: " + disabled);
    }
    DeclaredTrigger trigger = trigger(id, pathItem, node);
    if (trigger != null && trigger.style() == TriggerStyle.CALLBACK && !takesCallback(node)) {
      obstacles.add("its body has no place for a callback URL");
    }
    if (serviceUrl.obstacle() != null && !policies.replacesHost(id)) {
      obstacles.add(serviceUrl.obstacle());
    }
    obstacles.addAll(policies.obstacles(id));
    OperationPolicies own = policies.of(id);
    String sentMethod = own.method() == null ? method : own.method();
    List<Parameter> parameters =
        parameters(sentMethod, pathItem, node, pointer, obstacles).stream()
            .map(parameter -> parameter.withDefault(corrections.defaultValue(id, parameter.name())))
            .toList();
    OperationPath template = OperationPath.parse(path, parameters, obstacles);
    DeclaredAnswer answer = DeclaredAnswer.of(node, contentTypes(node, "produces"), schemas);
    return new Operation(
        new DeclaredOperation(id, method, path, node),
        new DeclaredRequest(
            id, sentMethod, template, parameters, contentTypes(node, "consumes"), answer.accept()),
        answer,
        trigger,
        own,
        Effects.of(id, sentMethod, node, swagger, corrections.effect(id)),
        obstacles);
  }

  private String id(
      JsonNode node, String method, String path, String pointer, List<String> obstacles) {
    String declared = Lookup.text(node, "operationId");
    String id = declared;
    if (id == null || !OperationIds.isDeclared(id)) {
      id = OperationIds.substitute(method, path);
      warnings.add(pointer, "has no operationId and is called '" + id + "'");
    }
    String unique = ids.unique(id);
    if (!unique.equals(id)) {
      obstacles.add("another operation has the same id, '" + id + "'");
    }
    return unique;
  }

  private @Nullable DeclaredTrigger trigger(String id, JsonNode pathItem, JsonNode node) {
    String declared = Lookup.text(node, "x-ms-trigger");
    if (declared == null) {
      return null;
    }
    TriggerStyle style;
    if (policies.isPolled(id) || hasTriggerValue(node)) {
      style = TriggerStyle.LIST;
    } else if (pathItem.path("x-ms-notification-content").isObject() || takesCallback(node)) {
      style = TriggerStyle.CALLBACK;
    } else {
      style = TriggerStyle.LOCATION;
    }
    return new DeclaredTrigger(style, declared.trim().equalsIgnoreCase("batch"));
  }

  private boolean hasTriggerValue(JsonNode node) {
    for (JsonNode parameter : node.path("parameters")) {
      if (schemas.resolve(parameter).path("x-ms-trigger-value").isObject()) {
        return true;
      }
    }
    return false;
  }

  private boolean takesCallback(JsonNode node) {
    for (JsonNode parameter : node.path("parameters")) {
      JsonNode resolved = schemas.resolve(parameter);
      if (takesCallback(resolved, DeclaredSchemas.visited())
          || takesCallback(resolved.path("schema"), DeclaredSchemas.visited())) {
        return true;
      }
    }
    return false;
  }

  private boolean takesCallback(JsonNode schema, Set<JsonNode> seen) {
    JsonNode resolved = schemas.resolve(schema);
    if (Lookup.isTrue(schema.get("x-ms-notification-url"))
        || Lookup.isTrue(resolved.get("x-ms-notification-url"))) {
      return true;
    }
    if (!resolved.isObject() || !seen.add(resolved)) {
      return false;
    }
    return schemas.properties(resolved).values().stream().anyMatch(p -> takesCallback(p, seen));
  }

  /** Returns the types that an operation lists, or else the document for all operations. */
  private List<String> contentTypes(JsonNode node, String list) {
    JsonNode own = node.path(list);
    List<String> types = new ArrayList<>();
    for (JsonNode type : own.isArray() ? own : swagger.path(list)) {
      if (type.isString() && !type.stringValue().isBlank()) {
        types.add(type.stringValue().trim());
      }
    }
    return types;
  }

  private List<Parameter> parameters(
      String method, JsonNode pathItem, JsonNode node, String pointer, List<String> obstacles) {
    // The operation's own parameter replaces that of the path item with the same name and place.
    Map<String, JsonNode> declared = new LinkedHashMap<>();
    declare(pathItem.path("parameters"), declared, obstacles);
    declare(node.path("parameters"), declared, obstacles);
    List<Parameter> parameters = new ArrayList<>();
    Map<String, Parameter> names = new HashMap<>();
    for (JsonNode parameter : declared.values()) {
      Parameter read = parameter(method, parameter, pointer, obstacles);
      if (read == null) {
        continue;
      }
      // What is given under a name goes to every place of that name, as in flow definitions.
      Parameter namesake = names.putIfAbsent(read.name(), read);
      if (namesake != null && (namesake.isBody() || read.isBody())) {
        obstacles.add("its body and another parameter are called '" + read.name() + "'");
      }
      if ((read.isBody()
              && parameters.stream().anyMatch(p -> p.isBody() || p.in() == ParameterPlace.FORM))
          || (read.in() == ParameterPlace.FORM
              && parameters.stream().anyMatch(Parameter::isBody))) {
        obstacles.add("it has several bodies");
      }
      parameters.add(read);
    }
    return parameters;
  }

  private void declare(JsonNode list, Map<String, JsonNode> declared, List<String> obstacles) {
    if (!list.isMissingNode() && !list.isArray()) {
      obstacles.add("its parameters are not a list");
      return;
    }
    for (JsonNode entry : list) {
      JsonNode parameter = schemas.resolve(entry);
      String name = Lookup.text(parameter, "name");
      String in = Lookup.text(parameter, "in");
      if (name == null || in == null) {
        obstacles.add(
            DeclaredSchemas.target(entry) == null
                ? "one of its parameters has no name or place"
                : "one of its parameters refers to nothing: " + DeclaredSchemas.target(entry));
        continue;
      }
      declared.put(Lookup.lower(in) + " " + name, parameter);
    }
  }

  private @Nullable Parameter parameter(
      String method, JsonNode node, String pointer, List<String> obstacles) {
    String name = node.path("name").stringValue();
    ParameterPlace in =
        switch (Lookup.lower(node.path("in").stringValue().trim())) {
          case "path" -> ParameterPlace.PATH;
          case "query" -> ParameterPlace.QUERY;
          case "header" -> ParameterPlace.HEADER;
          case "formdata" -> ParameterPlace.FORM;
          case "body" -> ParameterPlace.BODY;
          default -> null;
        };
    String where = "the parameter '" + name + "'";
    if (in == null) {
      obstacles.add(where + " has an unknown place");
      return null;
    }
    boolean required = in == ParameterPlace.PATH || Lookup.isTrue(node.get("required"));
    JsonNode schema = in == ParameterPlace.BODY ? node.path("schema") : node;
    JsonNode declaredDefault = schemas.defaultOf(schema);
    if (in == ParameterPlace.PATH
        && declaredDefault != null
        && "".equals(Scalars.text(declaredDefault))) {
      // A path has no place for nothing; forms write it for a field to be filled in.
      declaredDefault = null;
    }
    if (injected.contains(new CredentialPlace(in, Lookup.lower(name)))) {
      warnings.add(pointer, where + " is never sent: the connection sends its credential there");
      return unsent(name, schema, node);
    }
    if (in == ParameterPlace.HEADER) {
      String problem = headerProblem(name);
      if (problem != null) {
        // What a caller has to give must not get lost; a constant under no name never arrived.
        boolean lost = problem.equals(NO_NAME) && !DeclaredSchemas.isMarkedInternal(node);
        if (required && (lost || problem.equals(NOT_THEIRS))) {
          obstacles.add("the required header '" + name + "' " + problem);
        }
        warnings.add(pointer, "the header '" + name + "' " + problem + " and is never sent");
        return unsent(name, schema, node);
      }
    }
    if ((in == ParameterPlace.BODY || in == ParameterPlace.FORM)
        && (method.equals("GET") || method.equals("HEAD"))) {
      warnings.add(pointer, where + " is never sent: a " + method + " request has no body");
      return unsent(name, schema, node);
    }
    boolean internal =
        DeclaredSchemas.isMarkedInternal(node)
            || (in == ParameterPlace.BODY && schemas.isInternal(schema));
    return new Parameter(name, in, required, internal, schema, declaredDefault, style(node), node);
  }

  private static Parameter unsent(String name, JsonNode schema, JsonNode node) {
    return new Parameter(
        name, ParameterPlace.NOWHERE, false, true, schema, null, PathStyle.SINGLE, node);
  }

  private static @Nullable String headerProblem(String name) {
    if (!HEADER_NAME.matcher(name).matches()) {
      return NO_NAME;
    }
    String lower = Lookup.lower(name);
    if (TRANSPORT_HEADERS.contains(lower)) {
      return "is the transport's to write";
    }
    boolean reserved =
        RESERVED_HEADERS.contains(lower)
            || lower.startsWith("proxy-")
            || lower.startsWith("x-forwarded-");
    return reserved ? NOT_THEIRS : null;
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
