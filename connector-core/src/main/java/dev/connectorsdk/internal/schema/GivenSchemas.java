package dev.connectorsdk.internal.schema;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds schemas of authors by which nothing could be checked. What the validator takes without a
 * word and does not understand counts as well. For one thread.
 */
public final class GivenSchemas {

  private @Nullable CompiledSchema ofSchemas; // read when there is something to look at

  /**
   * Returns why the given schema of a shape cannot be used, and where it is wrong, as the end of a
   * sentence; {@code null} if it can be used or none is given.
   */
  public @Nullable String problem(Shape<?> shape) {
    JsonNode given = shape.givenSchema();
    if (given == null) {
      return null;
    }
    try {
      List<Fault> faults = ofSchemas().faults(EarlierDrafts.rewritten(given));
      if (!faults.isEmpty()) {
        return "is no JSON Schema of 2020-12. " + faults.get(0);
      }
      CompiledSchema.of(given);
      return null;
    } catch (IllegalArgumentException e) {
      return "cannot be used. " + e.getMessage();
    }
  }

  /**
   * Returns which input or configuration of a connector has a schema that cannot be used, and why;
   * {@code null} if there is none.
   */
  public @Nullable String problem(Connector connector) {
    for (Action<?, ?> action : connector.actions()) {
      String problem = isMadeWhenAsked(action) ? null : problem(action.input());
      if (problem != null) {
        return "action '" + action.id() + "': the schema of its input " + problem;
      }
    }
    for (Trigger<?, ?> trigger : connector.triggers()) {
      String problem = isMadeWhenAsked(trigger) ? null : problem(trigger.configuration());
      if (problem != null) {
        return "trigger '" + trigger.id() + "': the schema of its configuration " + problem;
      }
    }
    return null;
  }

  private static boolean isMadeWhenAsked(ConnectorOperation operation) {
    return operation instanceof MadeWhenAsked;
  }

  private CompiledSchema ofSchemas() {
    CompiledSchema known = ofSchemas;
    if (known == null) {
      known = CompiledSchema.ofSchemas();
      ofSchemas = known;
    }
    return known;
  }
}
