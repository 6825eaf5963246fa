package dev.connectorsdk.definition;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.internal.definition.form.DefinitionForm;
import dev.connectorsdk.internal.definition.operation.Operation;
import dev.connectorsdk.internal.definition.operation.OperationClient;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.operation.SchemaWriter;
import dev.connectorsdk.internal.schema.MadeWhenAsked;
import dev.connectorsdk.internal.schema.ReadsInputOnly;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An operation of a definition as an action.
 *
 * <p>The operation is read, and its shapes are made, when they are first asked for. Two threads
 * that ask at once may both make one, which is the same.
 */
final class DefinitionAction implements Action<JsonNode, JsonNode>, MadeWhenAsked, ReadsInputOnly {

  private final Operation operation;
  private final Operations operations;
  private volatile @Nullable OperationClient client;
  private volatile @Nullable Shape<JsonNode> input;
  private volatile @Nullable Shape<JsonNode> output;

  DefinitionAction(Operation operation, Operations operations) {
    this.operation = operation;
    this.operations = operations;
  }

  @Override
  public String id() {
    return operation.id();
  }

  @Override
  public String title() {
    return operation.declared().title();
  }

  @Override
  public String description() {
    return operation.declared().description();
  }

  @Override
  public Effect effect() {
    return operation.effects().effect();
  }

  @Override
  public boolean needsConfirmation() {
    return operation.effects().needsConfirmation() || effect() == Effect.DESTRUCTIVE;
  }

  @Override
  public boolean isDeprecated() {
    return operation.declared().isDeprecated();
  }

  @Override
  public boolean isInternal() {
    return operation.declared().isInternal();
  }

  @Override
  public Set<String> tags() {
    return operation.declared().tags();
  }

  @Override
  public Shape<JsonNode> input() {
    Shape<JsonNode> shape = input;
    if (shape == null) {
      shape = Shape.json(operations.inputSchema(operation.parameters()));
      input = shape;
    }
    return shape;
  }

  @Override
  public Shape<JsonNode> output() {
    Shape<JsonNode> shape = output;
    if (shape == null) {
      shape = Shape.json(outputSchema(operation.answer().schema()));
      output = shape;
    }
    return shape;
  }

  private JsonNode outputSchema(JsonNode body) {
    return SchemaWriter.output(body, operations.schemas());
  }

  @Override
  public Optional<Form> form() {
    return Optional.of(
        new DefinitionForm(
            operation.request(),
            operations,
            operations::inputSchema,
            operation.answer().schema(),
            this::outputSchema));
  }

  @Override
  public JsonNode execute(JsonNode given, ActionContext context) {
    return client().call(given, context);
  }

  Operation operation() {
    return operation;
  }

  OperationClient client() {
    OperationClient known = client;
    if (known == null) {
      known = operations.client(operation);
      client = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return operation.id();
  }
}
