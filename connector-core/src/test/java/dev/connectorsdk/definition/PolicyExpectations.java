package dev.connectorsdk.definition;

import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.TolerantJson;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What is expected of the policies of a properties file. */
final class PolicyExpectations {

  static final String CALLERS_HOST = "caller.example";

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

  /** Returns the policies on the requests of an operation, in order. */
  private List<JsonNode> over(Operation operation) {
    List<JsonNode> over = new ArrayList<>();
    for (JsonNode policy : policies) {
      JsonNode scope = policy.path("parameters").path("x-ms-apimTemplate-operationName");
      boolean covers = scope.isEmpty();
      for (JsonNode id : scope) {
        covers |= operation.id().equalsIgnoreCase(id.asString("").trim());
      }
      String section =
          policy.path("parameters").path("x-ms-apimTemplate-policySection").asString("Request");
      if (covers && section.equalsIgnoreCase("Request")) {
        over.add(policy);
      }
    }
    return over;
  }

  private List<String> hosts(Operation operation) {
    return over(operation).stream()
        .filter(policy -> policy.path("templateId").asString("").equalsIgnoreCase("dynamichosturl"))
        .map(
            policy ->
                policy
                    .path("parameters")
                    .path("x-ms-apimTemplateParameter.urlTemplate")
                    .asString("")
                    .trim())
        .toList();
  }

  /** Gives the parameters that lead to a host one that the host application allows. */
  void complete(Operation operation, ObjectNode input) {
    for (String template : hosts(operation)) {
      Matcher matcher = CALLER.matcher(template);
      while (matcher.find()) {
        String name = matcher.group(1);
        boolean whole = template.equals(matcher.group());
        boolean last = template.replaceAll("/+$", "").endsWith(matcher.group());
        for (Parameter parameter : operation.parameters()) {
          if (parameter.name().equalsIgnoreCase(name) && parameter.node().path("enum").isEmpty()) {
            input.put(
                parameter.name(), whole ? "https://" + CALLERS_HOST : last ? CALLERS_HOST : "site");
          }
        }
      }
    }
  }

  /**
   * Returns what is not as expected, or {@code null} if all is.
   *
   * @param plain what is sent without policies
   * @param basePath of the definition, without a slash at the end
   * @param answer what the service answers to everything
   */
  @Nullable String problem(
      Operation operation, Request plain, String basePath, String answer, Request request) {
    ExpectedRequest expected =
        new ExpectedRequest(plain, basePath, operation.declared().path(), connection);
    JsonNode fetched = JsonMapper.shared().readTree(answer);
    over(operation).forEach(policy -> expected.apply(policy, fetched));
    return expected.differenceTo(request);
  }
}
