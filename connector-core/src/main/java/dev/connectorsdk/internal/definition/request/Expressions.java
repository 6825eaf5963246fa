package dev.connectorsdk.internal.definition.request;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Evaluates defaults that are written in the expression language of workflows. */
@FunctionalInterface
public interface Expressions {

  /** Returns the value of an expression, or {@code null} if it cannot be evaluated. */
  @Nullable JsonNode evaluate(String expression);
}
