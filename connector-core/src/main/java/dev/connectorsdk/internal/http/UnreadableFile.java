package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.InvalidInputException;
import java.io.IOException;
import java.nio.file.FileSystemException;

/** A file that was to be sent could not be, for a reason of its own. Nothing whole was sent. */
final class UnreadableFile extends IOException {

  private static final long serialVersionUID = 1L;

  private static final String WHAT = "a request";
  private static final String FILE = "(file)";

  private final transient ConnectorException failure;

  private UnreadableFile(ConnectorException failure) {
    super(failure);
    this.failure = failure;
  }

  /** Returns what the caller gets to know. */
  ConnectorException failure() {
    return failure;
  }

  static UnreadableFile tooLarge(long limit) {
    return new UnreadableFile(
        new InvalidInputException(WHAT, FILE, "is larger than the limit of " + limit + " bytes"));
  }

  static UnreadableFile ofAnotherSize(long said) {
    return new UnreadableFile(
        new InvalidInputException(WHAT, FILE, "has not " + said + " bytes, as was said"));
  }

  /** A file that comes from another call fails as that does. */
  static UnreadableFile of(IOException e) {
    if (e instanceof UnreadableFile known) {
      return known;
    }
    if (e.getCause() instanceof ConnectorException known) {
      return new UnreadableFile(known);
    }
    if (Thread.currentThread().isInterrupted()) {
      return new UnreadableFile(new CallCancelledException("A request with a file"));
    }
    String what = e instanceof FileSystemException ? e.toString() : e.getClass().getName();
    return new UnreadableFile(
        new ActionFailedException("A file that was to be sent could not be read: " + what, e));
  }
}
