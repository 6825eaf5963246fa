package dev.connectorsdk.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Evaluates expressions for a host that is a workflow engine. Some published definitions have
 * defaults that are expressions, such as <code>@{workflow()}</code> or <code>@{workflow().run.name}
 * </code>. Without a context <code>@{workflow()}</code> is an empty object, and an operation that
 * needs any other expression throws {@link
 * dev.connectorsdk.api.error.OperationUnsupportedException} unless the caller gives a value.
 *
 * <p>Called on the caller's thread. Has to be safe for use by several threads.
 */
@FunctionalInterface
public interface WorkflowContext {

  /**
   * Evaluates an expression.
   *
   * @param expression as it stands in the definition, such as <code>@{addDays(utcNow(),7)}</code>
   * @return the value, or {@code null} if it cannot be evaluated
   */
  @Nullable JsonNode evaluate(String expression);
}
