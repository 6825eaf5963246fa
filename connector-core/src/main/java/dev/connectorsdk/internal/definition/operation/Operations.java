package dev.connectorsdk.internal.definition.operation;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.request.Expressions;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The operations of one definition, and what they have to know of each other.
 *
 * @param all in the order of the document
 * @param strict whether callers are held to the limits that the document declares
 * @param expressions what evaluates defaults that are expressions, or {@code null} for nothing
 */
public record Operations(
    JsonNode swagger,
    DeclaredSchemas schemas,
    List<Operation> all,
    boolean strict,
    @Nullable Expressions expressions) {

  public Operations {
    all = List.copyOf(all);
  }

  /** Returns the operation with this id, exactly or else ignoring case. */
  public @Nullable Operation find(String id) {
    Operation otherCase = null;
    for (Operation operation : all) {
      if (operation.id().equals(id)) {
        return operation;
      }
      if (operation.id().equalsIgnoreCase(id)) {
        otherCase = operation;
      }
    }
    return otherCase;
  }

  /** Returns the schema of an input with these parameters. */
  public JsonNode inputSchema(List<Parameter> parameters) {
    return SchemaWriter.input(parameters, schemas, strict);
  }

  /** Returns what calls an operation. */
  public OperationClient client(Operation operation) {
    return new OperationClient(operation, this);
  }

  /** Returns the schema of what a service posts to the callback of a webhook. */
  public JsonNode notification(Operation operation) {
    JsonNode content =
        swagger.path("paths").path(operation.declared().path()).path("x-ms-notification-content");
    return schemas.resolve(content).path("schema");
  }

  /** Returns the description of the file picker that operations share; missing if there is none. */
  public JsonNode filePicker() {
    return swagger.path("x-ms-capabilities").path("file-picker");
  }
}
