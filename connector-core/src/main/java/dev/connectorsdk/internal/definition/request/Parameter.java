package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.Lookup;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One parameter of an operation that can be sent.
 *
 * @param name as the definition and the input call it
 * @param in where it travels
 * @param required whether the request needs it
 * @param internal whether people are not asked for it
 * @param schema the schema of a body, else the parameter itself
 * @param declaredDefault the default, or {@code null} if there is none
 * @param style how it is encoded in a path
 * @param node the parameter as declared, for its labels
 */
public record Parameter(
    String name,
    ParameterPlace in,
    boolean required,
    boolean internal,
    JsonNode schema,
    @Nullable JsonNode declaredDefault,
    PathStyle style,
    JsonNode node) {

  /** Returns whether it is sent with nothing in it, too. */
  boolean mayBeEmpty() {
    return required || Lookup.isTrue(node.get("allowEmptyValue"));
  }

  /** Returns the same parameter with another schema. */
  public Parameter withSchema(JsonNode schema) {
    return new Parameter(name, in, required, internal, schema, declaredDefault, style, node);
  }

  /** Returns the parameter with a default that is sent unless the caller gives a value. */
  public Parameter withDefault(@Nullable JsonNode value) {
    return value == null || isBody()
        ? this
        : new Parameter(name, in, true, internal, schema, value, style, node);
  }

  /** Returns the parameter as one that the request needs. */
  public Parameter asRequired() {
    return new Parameter(name, in, true, internal, schema, declaredDefault, style, node);
  }

  public boolean isBody() {
    return in == ParameterPlace.BODY;
  }

  boolean isNamedHeader(String header) {
    return in == ParameterPlace.HEADER && name.equalsIgnoreCase(header);
  }
}
