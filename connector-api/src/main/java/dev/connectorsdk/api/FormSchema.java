package dev.connectorsdk.api;

import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The schema of an input, output or event, as far as it follows from the inputs so far.
 *
 * @param schema a JSON Schema, 2020-12; parts that are not known yet allow any value
 * @param waitingFor the paths of the inputs that have to be filled in before the rest is known
 */
public record FormSchema(JsonNode schema, Set<String> waitingFor) {

  public FormSchema {
    Objects.requireNonNull(schema, "schema");
    waitingFor = Set.copyOf(waitingFor);
  }

  /** Returns a schema of which everything is known. */
  public static FormSchema of(JsonNode schema) {
    return new FormSchema(schema, Set.of());
  }

  /** Returns whether everything is known. */
  public boolean isComplete() {
    return waitingFor.isEmpty();
  }
}
