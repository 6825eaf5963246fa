package dev.connectorsdk.internal.definition.form;

import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Choice;
import dev.connectorsdk.api.Choices.Kind;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.form.FormInputs.Target;
import dev.connectorsdk.internal.definition.operation.Operations;
import dev.connectorsdk.internal.definition.request.DeclaredRequest;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The choices and schemas that an operation's dynamic extensions describe. */
public final class DefinitionForm implements Form {

  private final DeclaredRequest request;
  private final Operations operations;
  private final DeclaredSchemas schemas;
  private final Function<List<Parameter>, JsonNode> inputSchema;
  private final JsonNode output;
  private final Function<JsonNode, JsonNode> outputSchema;

  /**
   * Describes one operation.
   *
   * @param inputSchema writes the schema of an input with these parameters
   * @param output the declared schema of the output
   * @param outputSchema writes the schema of the output
   */
  public DefinitionForm(
      DeclaredRequest request,
      Operations operations,
      Function<List<Parameter>, JsonNode> inputSchema,
      JsonNode output,
      Function<JsonNode, JsonNode> outputSchema) {
    this.request = request;
    this.operations = operations;
    this.schemas = operations.schemas();
    this.inputSchema = inputSchema;
    this.output = output;
    this.outputSchema = outputSchema;
  }

  @Override
  public FormSchema input(JsonNode given, Calls calls) {
    DynamicSchemas dynamic = dynamic(given, calls);
    List<Parameter> parameters = new ArrayList<>();
    for (Parameter parameter : request.parameters()) {
      parameters.add(
          parameter.isBody() ? parameter.withSchema(dynamic.fill(parameter.schema())) : parameter);
    }
    return new FormSchema(inputSchema.apply(parameters), dynamic.waitingFor());
  }

  @Override
  public FormSchema output(JsonNode given, Calls calls) {
    DynamicSchemas dynamic = dynamic(given, calls);
    return new FormSchema(outputSchema.apply(dynamic.fill(output)), dynamic.waitingFor());
  }

  private DynamicSchemas dynamic(JsonNode given, Calls calls) {
    return new DynamicSchemas(operations, new FormInputs(request, schemas, given), calls);
  }

  @Override
  public Choices choices(String path, JsonNode given, @Nullable Choice parent, Calls calls) {
    FormInputs inputs = new FormInputs(request, schemas, given);
    Target target = inputs.target(path);
    if (target == null) {
      throw noInput(path);
    }
    JsonNode schema = target.parameter().schema();
    DynamicSchemas dynamic = new DynamicSchemas(operations, inputs, calls);
    for (String name : target.below()) {
      schema = below(schema, name, dynamic);
      if (schema == null) {
        if (!dynamic.waitingFor().isEmpty()) {
          return Choices.waitingFor(Kind.LIST, dynamic.waitingFor());
        }
        throw noInput(path);
      }
    }
    Choices choices = choices(schema, inputs, parent, calls);
    // What may be chosen several times says so at its items.
    return choices.kind() == Kind.NONE && schemas.type(schema).equals("array")
        ? choices(schemas.resolve(schema).path("items"), inputs, parent, calls)
        : choices;
  }

  private NotFoundException noInput(String path) {
    return new NotFoundException(
        "input",
        path,
        "Operation '"
            + request.operation()
            + "' takes "
            + request.parameters().stream().map(Parameter::name).limit(50).toList()
            + ".");
  }

  private @Nullable JsonNode below(JsonNode schema, String name, DynamicSchemas dynamic) {
    JsonNode current = schema;
    if (schemas.type(current).equals("array")) {
      current = schemas.resolve(current).path("items");
      if (PathString.isIndex(name) || name.equals("*")) {
        return current;
      }
    }
    JsonNode property = schemas.properties(current).get(name);
    if (property == null) {
      JsonNode obtained = dynamic.obtain(current);
      property = obtained == null ? null : schemas.properties(obtained).get(name);
    }
    if (property == null) {
      JsonNode additional = schemas.resolve(current).path("additionalProperties");
      property = additional.isObject() ? additional : null;
    }
    return property;
  }

  private Choices choices(
      JsonNode schema, FormInputs inputs, @Nullable Choice parent, Calls calls) {
    JsonNode tree = DynamicSchemas.extension(schemas, schema, "x-ms-dynamic-tree");
    if (tree.isObject()) {
      return tree(tree, inputs, parent, calls);
    }
    JsonNode list = DynamicSchemas.extension(schemas, schema, "x-ms-dynamic-list");
    if (list.isObject() && Lookup.findText(list, "operationId") != null) {
      return list(list, ItemPaths.ofList(list), inputs, calls);
    }
    JsonNode values = DynamicSchemas.extension(schemas, schema, "x-ms-dynamic-values");
    if (values.isObject()) {
      if (Lookup.findText(values, "operationId") != null) {
        return list(values, ItemPaths.ofValues(values), inputs, calls);
      }
      if ("file-picker".equalsIgnoreCase(Lookup.findText(values, "capability"))
          && operations.filePicker().isObject()) {
        return filePicker(values, inputs, parent, calls);
      }
    }
    return FixedChoices.of(schemas.resolve(schema));
  }

  private Choices list(JsonNode extension, ItemPaths paths, FormInputs inputs, Calls calls) {
    DynamicCall call = DynamicCall.of(extension, inputs, operations, null);
    return call.isReady()
        ? Choices.of(Kind.LIST, paths.choices(answer(call, calls), call.operation()))
        : Choices.waitingFor(Kind.LIST, call.waitingFor());
  }

  private Choices tree(JsonNode tree, FormInputs inputs, @Nullable Choice parent, Calls calls) {
    JsonNode part = Lookup.find(tree, parent == null ? "open" : "browse");
    if (part == null) {
      return Choices.of(Kind.TREE, List.of());
    }
    DynamicCall call = DynamicCall.of(part, inputs, operations, item(parent));
    return call.isReady()
        ? Choices.of(
            Kind.TREE, ItemPaths.ofTree(part, tree).choices(answer(call, calls), call.operation()))
        : Choices.waitingFor(Kind.TREE, call.waitingFor());
  }

  private Choices filePicker(
      JsonNode values, FormInputs inputs, @Nullable Choice parent, Calls calls) {
    JsonNode picker = operations.filePicker();
    JsonNode part = Lookup.find(picker, parent == null ? "open" : "browse");
    if (part == null) {
      return Choices.of(Kind.TREE, List.of());
    }
    JsonNode further = Lookup.find(values, "parameters");
    DynamicCall call =
        DynamicCall.of(
            part,
            further == null ? JsonNodeFactory.instance.objectNode() : further,
            inputs,
            operations,
            item(parent));
    return call.isReady()
        ? Choices.of(
            Kind.TREE,
            ItemPaths.ofPicker(part, picker, values).choices(answer(call, calls), call.operation()))
        : Choices.waitingFor(Kind.TREE, call.waitingFor());
  }

  private static @Nullable JsonNode item(@Nullable Choice parent) {
    return parent == null ? null : parent.item();
  }

  private static JsonNode answer(DynamicCall call, Calls calls) throws ResponseException {
    return calls.call(call.operation(), call.input()).path("body");
  }
}
