package dev.connectorsdk.definition;

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
record Parameter(
    String name,
    In in,
    boolean required,
    boolean internal,
    JsonNode schema,
    @Nullable JsonNode declaredDefault,
    PathStyle style,
    JsonNode node) {

  /** Where a parameter travels. */
  enum In {
    PATH,
    QUERY,
    HEADER,
    FORM,
    BODY,
    /** Into nothing: a caller may give it, and no request can carry it. */
    NOWHERE
  }

  /** How a path parameter is encoded. */
  enum PathStyle {
    /** Once, as one segment. */
    SINGLE,
    /** Twice, as one segment, for services behind something that decodes once. */
    DOUBLE,
    /** As given, slashes included. */
    RAW
  }

  /** Returns the same parameter with another schema. */
  Parameter withSchema(JsonNode schema) {
    return new Parameter(name, in, required, internal, schema, declaredDefault, style, node);
  }

  /** Returns the parameter with a default that is sent unless the caller gives a value. */
  Parameter withDefault(@Nullable JsonNode value) {
    return value == null || isBody()
        ? this
        : new Parameter(name, in, true, internal, schema, value, style, node);
  }

  boolean isBody() {
    return in == In.BODY;
  }

  boolean isNamedHeader(String header) {
    return in == In.HEADER && name.equalsIgnoreCase(header);
  }
}
