package dev.connectorsdk.definition;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An operation of a definition as an action.
 *
 * <p>The shapes are made when they are first asked for. Two threads that ask at once may both make
 * one, which is the same.
 */
final class DefinitionAction implements Action<JsonNode, JsonNode> {

  private final Operation operation;
  private final Operations operations;
  private final Schemas schemas;
  private final RequestBuilder requests;
  private volatile @Nullable Shape<JsonNode> input;
  private volatile @Nullable Shape<JsonNode> output;

  DefinitionAction(Operation operation, Operations operations) {
    this.operation = operation;
    this.operations = operations;
    this.schemas = operations.schemas();
    this.requests = new RequestBuilder(operation, schemas);
  }

  @Override
  public String id() {
    return operation.id();
  }

  @Override
  public String title() {
    return operation.title();
  }

  @Override
  public String description() {
    return operation.description();
  }

  @Override
  public Effect effect() {
    return operation.effect();
  }

  @Override
  public boolean needsConfirmation() {
    return operation.needsConfirmation() || operation.effect() == Effect.DESTRUCTIVE;
  }

  @Override
  public boolean isDeprecated() {
    return operation.isDeprecated();
  }

  @Override
  public boolean isInternal() {
    return operation.isInternal();
  }

  @Override
  public Shape<JsonNode> input() {
    Shape<JsonNode> shape = input;
    if (shape == null) {
      shape = Shape.json(SchemaWriter.input(operation, schemas));
      input = shape;
    }
    return shape;
  }

  @Override
  public Shape<JsonNode> output() {
    Shape<JsonNode> shape = output;
    if (shape == null) {
      shape = Shape.json(SchemaWriter.output(operation, schemas));
      output = shape;
    }
    return shape;
  }

  @Override
  public Optional<Form> form() {
    return Optional.of(
        new DefinitionForm(
            operation,
            operations,
            changed -> SchemaWriter.input(changed, schemas),
            ResultReader.schema(operation, schemas),
            body -> SchemaWriter.output(body, schemas)));
  }

  /** Runs the operation once, as a trigger does: its request may be changed before it is sent. */
  JsonNode exchange(JsonNode given, ActionContext context, Consumer<OutgoingRequest> change) {
    OutgoingRequest request = request(given);
    change.accept(request);
    return result(new Line(operation, request, context).send());
  }

  /**
   * Gets what an answer to the operation has pointed to, if that is on the connection's hosts.
   *
   * @throws ResponseException if it is no URL
   */
  JsonNode follow(JsonNode given, ActionContext context, String link) {
    HttpResponse answer = new Line(operation, request(given), context).follow(link);
    if (answer == null) {
      throw new ResponseException("The header Location of the service's answer is no URL");
    }
    return result(answer);
  }

  private JsonNode result(HttpResponse answer) {
    return ResultReader.read(operation, schemas, answer);
  }

  @Override
  public JsonNode execute(JsonNode given, ActionContext context) {
    OutgoingRequest request = request(given);
    Line line = new Line(operation, request, context);
    HttpResponse answer = line.send();
    if (line.waits()) {
      answer = line.whenDone(answer);
    }
    JsonNode output = result(answer);
    if (line.items() > 0) {
      Pages.collect(operation, output, line.items(), line);
    }
    return output;
  }

  Operation operation() {
    return operation;
  }

  /** Returns what would be sent for an input. */
  OutgoingRequest request(JsonNode given) {
    if (!operation.isSupported()) {
      throw new OperationUnsupportedException(
          operation.id(), String.join("; ", operation.obstacles()));
    }
    return requests.build(given);
  }

  @Override
  public String toString() {
    return operation.id();
  }
}
