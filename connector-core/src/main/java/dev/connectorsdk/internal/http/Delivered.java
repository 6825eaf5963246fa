package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.file.FileTarget;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer whose file went to a target while it came.
 *
 * @param answer without the file
 * @param file what is known of it, or {@code null} if the answer, a success, has none
 */
public record Delivered(HttpResponse answer, @Nullable FileInfo file) {

  /**
   * Sends a request.
   *
   * @throws OperationUnsupportedException if it is not one of this runtime
   */
  public static Delivered of(HttpCall call, FileTarget target) {
    if (call instanceof BoundCall bound) {
      return bound.deliver(target);
    }
    throw new OperationUnsupportedException("download", "files are not delivered here");
  }

  /** Hands over what an answer has that was read as a whole. */
  public static Delivered of(HttpResponse answer, FileTarget target) {
    boolean hasFile = answer instanceof BufferedResponse && answer.bytes().length > 0;
    return new Delivered(answer, hasFile ? ((BufferedResponse) answer).handTo(target) : null);
  }
}
