package dev.connectorsdk.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a workflow engine knows of the workflow that calls. Some published definitions have defaults
 * that are expressions, such as <code>@{workflow()}</code> or <code>@{workflow().run.name}</code>;
 * the engine evaluates them. Without it <code>@{workflow()}</code> is an empty object, and an
 * operation that needs the value of any other expression throws {@link
 * dev.connectorsdk.api.error.OperationUnsupportedException} unless the caller gives one.
 *
 * <p>Asked on the caller's thread; safe for several threads.
 */
@FunctionalInterface
public interface WorkflowContext {

  /**
   * Evaluates an expression.
   *
   * @param expression as the definition has it, such as <code>@{addDays(utcNow(),7)}</code>
   * @return the value, or {@code null} if it cannot be evaluated
   */
  @Nullable JsonNode evaluate(String expression);
}
