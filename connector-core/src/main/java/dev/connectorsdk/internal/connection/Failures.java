package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.TransportException;
import java.io.IOException;
import tools.jackson.core.JacksonException;

/** Turns whatever connector code threw into the one family of exceptions. */
public final class Failures {

  private Failures() {}

  /**
   * Returns the exception that the caller gets.
   *
   * @param what what was run, such as {@code Action 'getForecast'}
   */
  public static ConnectorException from(Throwable thrown, String what) {
    if (thrown instanceof ConnectorException known) {
      return known;
    }
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return new CallCancelledException(what);
    }
    if (thrown.getCause() instanceof ConnectorException known) {
      return known;
    }
    return thrown instanceof IOException ? brokenOff(thrown, what) : failed(thrown, what);
  }

  private static ConnectorException brokenOff(Throwable thrown, String what) {
    return Thread.currentThread().isInterrupted()
        ? new CallCancelledException(what)
        : new TransportException(
            what, TransportException.Kind.BROKEN_OFF, true, withoutMessage(thrown));
  }

  private static ConnectorException failed(Throwable thrown, String what) {
    return new ActionFailedException(
        what + " failed with " + thrown.getClass().getName(),
        thrown instanceof JacksonException ? withoutMessage(thrown) : thrown);
  }

  /** What a parser or the network says can hold what was read or sent. */
  private static IOException withoutMessage(Throwable thrown) {
    IOException safe = new IOException(thrown.getClass().getName());
    safe.setStackTrace(thrown.getStackTrace());
    return safe;
  }
}
