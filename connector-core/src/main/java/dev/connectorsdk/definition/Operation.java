package dev.connectorsdk.definition;

import dev.connectorsdk.api.Effect;
import dev.connectorsdk.definition.DefinitionReport.Trigger;
import dev.connectorsdk.definition.Parameter.In;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One operation as it was read: the model from which requests and schemas are made.
 *
 * @param node the operation as declared
 * @param consumes the content types of its bodies, in the order of the definition
 * @param produces the content types of its answers, in the order of the definition
 * @param policies what its requests and answers pass
 * @param effect what it does at the service
 * @param needsConfirmation whether the definition wants agents to ask first
 * @param obstacles why it cannot be called; empty if it can
 */
record Operation(
    String id,
    String method,
    String path,
    PathTemplate template,
    List<Parameter> parameters,
    List<String> consumes,
    List<String> produces,
    JsonNode node,
    @Nullable Trigger trigger,
    OperationPolicies policies,
    Effect effect,
    boolean needsConfirmation,
    List<String> obstacles) {

  Operation {
    parameters = List.copyOf(parameters);
    consumes = List.copyOf(consumes);
    produces = List.copyOf(produces);
    obstacles = List.copyOf(obstacles);
  }

  /** Returns the method that is sent, which a policy may have changed. */
  String sentMethod() {
    return policies.method() == null ? method : policies.method();
  }

  /** Returns the same operation with other parameters. */
  Operation withParameters(List<Parameter> parameters) {
    return new Operation(
        id,
        method,
        path,
        template,
        parameters,
        consumes,
        produces,
        node,
        trigger,
        policies,
        effect,
        needsConfirmation,
        obstacles);
  }

  boolean isSupported() {
    return obstacles.isEmpty();
  }

  String title() {
    String summary = Lookup.text(node, "summary");
    String title = summary != null ? summary : Lookup.text(node, "x-ms-summary");
    return title == null || title.isBlank() ? id : title.trim();
  }

  String description() {
    String description = Lookup.text(node, "description");
    return description == null ? "" : description.trim();
  }

  boolean isDeprecated() {
    return Lookup.isTrue(node.get("deprecated"));
  }

  boolean isInternal() {
    return Schemas.isMarkedInternal(node);
  }

  /** Returns the parameter that is the body, or {@code null} if there is none. */
  @Nullable Parameter body() {
    return parameters.stream().filter(Parameter::isBody).findFirst().orElse(null);
  }

  /** Returns whether the body is a form. */
  boolean hasForm() {
    return parameters.stream().anyMatch(p -> p.in() == In.FORM);
  }

  /** Returns the parameter of a header, or {@code null} if the operation does not declare it. */
  @Nullable Parameter header(String name) {
    return parameters.stream().filter(p -> p.isNamedHeader(name)).findFirst().orElse(null);
  }
}
