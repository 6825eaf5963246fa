package dev.connectorsdk.testkit;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How a run ended: with an output, with a failure, or not at all.
 *
 * @param interrupted whether the interrupt flag of its thread was set at the end
 */
record Outcome(@Nullable JsonNode output, @Nullable Throwable failure, boolean interrupted) {

  static Outcome endless() {
    return new Outcome(null, null, false);
  }

  boolean hasEnded() {
    return output != null || failure != null;
  }

  /** Returns whether it failed as the library says that calls fail, and not by a mistake. */
  boolean isTypedFailure() {
    return failure instanceof ConnectorException && !(failure instanceof ActionFailedException);
  }

  /** Returns what is said of it in a report; of what the service sent only its kind. */
  String inWords() {
    if (failure != null) {
      return failure.getClass().getSimpleName() + ": " + failure.getMessage();
    }
    return output == null ? "it did not end" : "it returned normally";
  }

  /** Returns all that a log would show of a failure. */
  String trace() {
    if (failure == null) {
      return "";
    }
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return failure + "\n" + text;
  }
}
