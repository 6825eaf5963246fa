package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.api.ConnectionTest;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.Warnings;
import dev.connectorsdk.internal.definition.request.Parameter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How a definition has connections tested: {@code x-ms-capabilities.testConnection}. */
public final class DeclaredTest {

  private static final String POINTER = "/x-ms-capabilities/testConnection";

  private DeclaredTest() {}

  /**
   * Returns the test, or {@code null} if there is none that could succeed: a connection must not
   * fail for what its definition got wrong. Why is a warning.
   */
  public static @Nullable ConnectionTest of(
      JsonNode swagger, Operations operations, Warnings warnings) {
    JsonNode test = Lookup.find(Lookup.find(swagger, "x-ms-capabilities"), "testConnection");
    String id = Lookup.findText(test, "operationId");
    if (id == null) {
      return null;
    }
    Operation operation = operations.find(id.trim());
    if (operation == null
        || !operation.isSupported()
        || !operation.request().method().equals("GET")) {
      warnings.add(POINTER, "cannot be used: '" + id + "' is no GET operation that can be called");
      return null;
    }
    OperationClient client = operations.client(operation);
    ObjectNode input = input(Lookup.find(test, "parameters"), operation);
    try {
      client.request(input);
    } catch (ConnectorException incomplete) {
      warnings.add(POINTER, "cannot be used: " + incomplete.getMessage());
      return null;
    }
    return context -> {
      client.call(input, context);
      return null;
    };
  }

  private static ObjectNode input(@Nullable JsonNode declared, Operation operation) {
    ObjectNode input = JsonNodeFactory.instance.objectNode();
    if (declared != null && declared.isObject()) {
      declared.forEachEntry(
          (name, value) -> {
            String known =
                Lookup.match(operation.parameters().stream().map(Parameter::name).toList(), name);
            JsonNode literal =
                value.isObject() && value.size() == 1 && value.has("value")
                    ? value.get("value")
                    : value;
            input.set(known == null ? name : known, literal);
          });
    }
    return input;
  }
}
