package dev.connectorsdk.definition;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.invocation.CallOptions;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A definition in a runtime, whose service is a local server. JSON has single quotes here. */
final class Service implements AutoCloseable {

  private static final Caller ADA = Principal.user("ada").in("dev");

  private final Folder folder;
  private final int port;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final List<Duration> pauses = new ArrayList<>();
  private String paths = "";
  private String definitions = "'securityDefinitions': {}";
  private String declared = "";
  private String policies = "";
  private String further = "";
  private String option = "";
  private LoadOptions options = LoadOptions.standard();
  private ConnectorRuntime runtime;
  private Connection connection;

  Service(Path temp, int port) {
    this.folder = Folder.in(temp);
    this.port = port;
  }

  /** Adds an operation. */
  Service operation(String id, String method, String path, String members) {
    paths +=
        (paths.isEmpty() ? "" : ", ")
            + "'%s': {'%s': {'operationId': '%s', 'responses': {}%s}}"
                .formatted(path, method, id, members.isEmpty() ? "" : ", " + members);
    return this;
  }

  /** Adds an operation that is answered with a file. */
  Service download(String id, String path) {
    paths +=
        (paths.isEmpty() ? "" : ", ")
            + "'%s': {'get': {'operationId': '%s', 'responses': {'200': {'schema': {'type': 'file'}}}}}"
                .formatted(path, id);
    return this;
  }

  /** Sets further members of the document. */
  Service document(String members) {
    definitions = members;
    return this;
  }

  /** Asks for the API key in a header. */
  Service key(String header, String value) {
    definitions =
        "'securityDefinitions': {'k': {'type': 'apiKey', 'in': 'header', 'name': '"
            + header
            + "'}}";
    return secret("api_key", value);
  }

  Service secret(String name, String value) {
    declare(name, "securestring");
    parameters.put(name, value);
    return this;
  }

  Service with(String name, String value) {
    declare(name, "string");
    parameters.put(name, value);
    return this;
  }

  /** Gives a value to a parameter that is declared. */
  Service given(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  private void declare(String name, String type) {
    declared += (declared.isEmpty() ? "" : ", ") + "'%s': {'type': '%s'}".formatted(name, type);
  }

  /** Adds a policy; its parameters are written without their long prefix. */
  Service policy(String template, String parameters) {
    String full =
        parameters
            .replaceAll("'(section)':", "'x-ms-apimTemplate-policySection':")
            .replaceAll("'(operations)':", "'x-ms-apimTemplate-operationName':")
            .replaceAll(
                "'(urlTemplate|newPath|httpMethod|name|value|existsAction|statusCode"
                    + "|newProperty\\w+|property\\w+|key\\w*|valueName|retainKey|delimiterList"
                    + "|childPropertyName|sourceString|replacementString|src\\w+|dst\\w+"
                    + "|copyOnlySubProperties|parameter\\w+|nextLinkPropertyName|trigger\\w+)':",
                "'x-ms-apimTemplateParameter.$1':");
    policies +=
        (policies.isEmpty() ? "" : ", ")
            + "{'templateId': '%s', 'title': 't', 'parameters': {%s}}".formatted(template, full);
    return this;
  }

  Service scripted(String operation) {
    return properties("'scriptOperations': ['" + operation + "']");
  }

  /** Adds members beside the connection parameters and the policies. */
  Service properties(String members) {
    further += ", " + members;
    return this;
  }

  /** Adds a connection parameter that nobody gives a value. */
  Service parameter(String name, String declaration) {
    declared += (declared.isEmpty() ? "" : ", ") + "'%s': %s".formatted(name, declaration);
    return this;
  }

  /** Chooses another way to authenticate than the first. */
  Service option(String id) {
    option = id;
    return this;
  }

  Service options(LoadOptions options) {
    this.options = options;
    return this;
  }

  Definition definition() {
    folder.swagger(
        ("{'swagger': '2.0', 'info': {'title': 'Parcels', 'version': '1'}, 'schemes': ['http'],"
                + " 'host': 'localhost:%d', 'basePath': '/v1', %s, 'paths': {%s}}")
            .formatted(port, definitions, paths));
    folder.properties(
        "{'properties': {'connectionParameters': {%s}, 'policyTemplateInstances': [%s]%s}}"
            .formatted(declared, policies, further));
    return Definition.load(folder.path(), ConnectorId.of("parcels"), options);
  }

  private void open() {
    if (runtime != null) {
      return;
    }
    Connector connector = definition().connector();
    runtime =
        ConnectorRuntime.builder()
            .connector(connector)
            .addressPolicy(AddressPolicy.allowAll())
            .sleeper(pauses::add)
            .build();
    ConnectionSpec spec =
        ConnectionSpec.of(
                connector.id(), option.isEmpty() ? connector.authOptions().get(0).id() : option)
            .untested();
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      spec =
          declared.contains("'" + parameter.getKey() + "': {'type': 'securestring'")
              ? spec.secret(parameter.getKey(), Secret.of(parameter.getValue()))
              : spec.with(parameter.getKey(), parameter.getValue());
    }
    connection = runtime.connections().create(ADA, spec);
  }

  JsonNode call(String operation, String input) {
    return call(operation, Folder.json(input));
  }

  JsonNode call(String operation, JsonNode input) {
    return call(operation, input, CallOptions.standard());
  }

  JsonNode call(String operation, Object input, CallOptions wanted) {
    open();
    ConnectionReference mine = ConnectionReference.invoker("p", "parcels");
    return runtime.invoke(ADA, mine, operation, input, wanted);
  }

  Choices choices(String operation, String path, JsonNode input) {
    open();
    ConnectionReference mine = ConnectionReference.invoker("p", "parcels");
    return runtime.forms().choices(ADA, mine, operation, path, input);
  }

  Connection connection() {
    open();
    return runtime.connections().get(ADA, connection.id());
  }

  List<Duration> pauses() {
    return pauses;
  }

  @Override
  public void close() {
    if (runtime != null) {
      runtime.close();
    }
  }
}
