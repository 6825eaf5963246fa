package dev.connectorsdk.definition;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Request;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a reader of a properties file expects of its policies, found by other means than the runtime
 * uses: text is replaced by regular expression, constants are looked for in what arrived.
 */
final class PolicyExpectations {

  static final String CALLERS_HOST = "caller.example";
  static final String UNDECLARED = "asks for what is not declared";

  private static final Pattern CONNECTION =
      Pattern.compile(
          "@connectionParameters\\('([^']*)'(?:,\\s*'([^']*)')?\\)", Pattern.CASE_INSENSITIVE);
  private static final Pattern CALLER =
      Pattern.compile("@(?:queryParameters|headers)\\('([^']*)'\\)", Pattern.CASE_INSENSITIVE);

  private final List<JsonNode> policies = new ArrayList<>();
  private final Map<String, String> connection;

  private PolicyExpectations(Map<String, String> connection) {
    this.connection = connection;
  }

  /**
   * @param connection what the connection's owner entered, by name in lower case
   */
  static PolicyExpectations of(Path directory, Map<String, String> connection) {
    PolicyExpectations expectations = new PolicyExpectations(connection);
    JsonNode properties =
        TolerantJson.read(DefinitionFiles.in(directory).read().properties(), Warnings.ignored("p"))
            .path("properties");
    properties.path("policyTemplateInstances").forEach(expectations.policies::add);
    return expectations;
  }

  private static String argument(JsonNode policy, String name) {
    return policy.path("parameters").path("x-ms-apimTemplateParameter." + name).asString("");
  }

  private List<JsonNode> over(Operation operation, String... templates) {
    List<JsonNode> over = new ArrayList<>();
    for (JsonNode policy : policies) {
      JsonNode scope = policy.path("parameters").path("x-ms-apimTemplate-operationName");
      boolean covers = scope.isEmpty();
      for (JsonNode id : scope) {
        covers |= operation.id().equalsIgnoreCase(id.asString("").trim());
      }
      String section =
          policy.path("parameters").path("x-ms-apimTemplate-policySection").asString("Request");
      for (String template : templates) {
        if (covers
            && template.equalsIgnoreCase(policy.path("templateId").asString(""))
            && section.equalsIgnoreCase("Request")) {
          over.add(policy);
        }
      }
    }
    return over;
  }

  /** Gives the parameters that lead to a host one that the host application allows. */
  void complete(Operation operation, ObjectNode input) {
    for (JsonNode policy : over(operation, "dynamichosturl")) {
      String template = argument(policy, "urlTemplate").trim();
      Matcher matcher = CALLER.matcher(template);
      while (matcher.find()) {
        String name = matcher.group(1);
        boolean whole = template.equals(matcher.group());
        boolean last = template.replaceAll("/+$", "").endsWith(matcher.group());
        for (Parameter parameter : operation.parameters()) {
          if (parameter.name().equalsIgnoreCase(name) && last) {
            input.put(parameter.name(), whole ? "https://" + CALLERS_HOST : CALLERS_HOST);
          }
        }
      }
    }
  }

  /** Returns whether a host is made of a connection parameter that the definition lacks. */
  boolean asksForUndeclared(Operation operation) {
    return over(operation, "dynamichosturl").stream()
        .flatMap(policy -> CONNECTION.matcher(argument(policy, "urlTemplate")).results())
        .anyMatch(
            call ->
                call.group(2) == null
                    && !connection.containsKey(call.group(1).toLowerCase(Locale.ROOT)));
  }

  /** Returns what is not as expected, or {@code null} if all is. */
  @Nullable String problem(Operation operation, JsonNode input, Request request) {
    String address = address(operation, input);
    if (address != null && !request.url().toString().startsWith(address)) {
      return "went to " + request.url() + ", not to " + address;
    }
    String path = path(operation);
    if (path != null && !request.url().encodedPath().endsWith(path)) {
      return "the path is " + request.url().encodedPath() + ", not " + path;
    }
    String problem = header(operation, request);
    problem = problem == null ? query(operation, request) : problem;
    return problem == null ? property(operation, request) : problem;
  }

  private @Nullable String address(Operation operation, JsonNode input) {
    String template = null;
    for (JsonNode policy : over(operation, "dynamichosturl", "dynamicsubdomain")) {
      template = argument(policy, "urlTemplate");
    }
    if (template == null) {
      return null;
    }
    String filled =
        CONNECTION
            .matcher(template)
            .replaceAll(
                m -> {
                  String value = connection.get(m.group(1).toLowerCase(Locale.ROOT));
                  String otherwise = m.group(2) == null ? "" : m.group(2);
                  return Matcher.quoteReplacement(value == null ? otherwise : value);
                });
    filled = CALLER.matcher(filled).replaceAll(m -> Matcher.quoteReplacement(given(input, m)));
    String address = filled.trim().replaceFirst("^(https?://)https?://", "$1");
    address = (address.contains("://") ? address : "https://" + address).replaceAll("/+$", "");
    int slash = address.indexOf('/', address.indexOf("://") + 3);
    String host = slash < 0 ? address : address.substring(0, slash);
    return host.toLowerCase(Locale.ROOT) + address.substring(host.length());
  }

  private static String given(JsonNode input, java.util.regex.MatchResult call) {
    for (Map.Entry<String, JsonNode> given : input.properties()) {
      if (given.getKey().equalsIgnoreCase(call.group(1))) {
        return given.getValue().asString("");
      }
    }
    return "";
  }

  private @Nullable String path(Operation operation) {
    String path = null;
    for (JsonNode policy : over(operation, "routerequesttoendpoint")) {
      path = argument(policy, "newPath");
    }
    return path == null || path.indexOf('@') >= 0 || path.indexOf('{') >= 0
        ? null
        : path.replaceFirst("\\?.*", "");
  }

  private @Nullable String header(Operation operation, Request request) {
    Map<String, String> headers = new HashMap<>();
    for (JsonNode policy : over(operation, "setheader")) {
      String value = argument(policy, "value");
      boolean constant =
          value.indexOf('@') < 0
              && !value.isEmpty()
              && !argument(policy, "existsAction").matches("(?i)skip|append");
      headers.put(argument(policy, "name").toLowerCase(Locale.ROOT), constant ? value : null);
    }
    headers.remove("host");
    for (Map.Entry<String, String> header : headers.entrySet()) {
      String value = header.getValue();
      if (value != null && !value.equals(request.header(header.getKey()))) {
        return header.getKey() + " is " + request.header(header.getKey());
      }
    }
    return null;
  }

  private @Nullable String query(Operation operation, Request request) {
    for (JsonNode policy : over(operation, "setqueryparameter")) {
      String value = argument(policy, "value");
      String name = PercentEncoding.decode(argument(policy, "name"));
      if (value.indexOf('@') < 0
          && !argument(policy, "existsAction").equalsIgnoreCase("skip")
          && !request.url().queryParameterValues(name).contains(value)) {
        return "the query has no " + name + "=" + value;
      }
    }
    return null;
  }

  private @Nullable String property(Operation operation, Request request) {
    String type = request.header("Content-Type");
    if (request.body() == null || type == null || !ContentTypes.isJson(type)) {
      return null;
    }
    Buffer buffer = new Buffer();
    try {
      request.body().writeTo(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode body = JsonMapper.shared().readTree(buffer.readByteArray());
    for (JsonNode policy : over(operation, "setproperty")) {
      String value = argument(policy, "propertyValuePathTemplate");
      String name = argument(policy, "newPropertySubPathTemplate");
      if (argument(policy, "newPropertyParentPathTemplate").equals("@body()")
          && name.matches("\\w+")
          && !value.contains("@")
          && !value.startsWith("[")
          && !value.equals(body.path(name).asString(""))) {
        return "the body's " + name + " is " + body.path(name);
      }
    }
    return null;
  }
}
