package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.error.TransportException;

/** What an agent is told of failures: nothing of credentials, payloads or other people. */
final class FailureWords {

  private static final System.Logger LOG = System.getLogger(FailureWords.class.getName());

  private FailureWords() {}

  /** Returns what happened and what to do, for whoever called. */
  static String of(RuntimeException failure) {
    if (failure instanceof ConnectorException e) {
      String problem = String.valueOf(e.getMessage());
      String text = problem + (endsSentence(problem) ? " " : ". ") + e.remedy();
      return e.retryAfter()
          .map(pause -> text + " Wait " + Math.max(1, pause.toSeconds()) + " s before that.")
          .orElse(text);
    }
    log(failure);
    return "The tool failed for a reason of its own. Whoever serves it finds it in the log.";
  }

  /** Logs which failure it was, and nothing of it: its message may be anybody's. */
  static void log(RuntimeException failure) {
    LOG.log(System.Logger.Level.WARNING, "A tool failed with {0}", failure.getClass().getName());
  }

  private static boolean endsSentence(String text) {
    return text.endsWith(".") || text.endsWith("!") || text.endsWith("?") || text.endsWith("]");
  }

  /** Returns whether it is known that the service did nothing, or what it did. */
  static boolean isOutcomeKnown(RuntimeException failure) {
    if (failure instanceof ServiceException e) {
      return e.status() < 500;
    }
    if (failure instanceof TransportException e) {
      return !e.isOutcomeUnknown();
    }
    // An answer that nobody could read is one to what was done, and an action may fail after it.
    return failure instanceof ConnectorException
        && !(failure instanceof ResponseException
            || failure instanceof ActionFailedException
            || failure instanceof CallCancelledException);
  }
}
