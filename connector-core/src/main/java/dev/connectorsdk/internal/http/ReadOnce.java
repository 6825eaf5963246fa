package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;

/** Answers that are read once, by whoever has asked, and need not be kept. */
public final class ReadOnce {

  private ReadOnce() {}

  /** Sends a request. The answer belongs to the thread, until {@link #release}. */
  public static HttpResponse send(HttpCall call) {
    return call instanceof BoundCall bound ? bound.answer() : call.send();
  }

  /** Returns whether an answer has no body. */
  public static boolean isEmpty(HttpResponse answer) {
    return answer instanceof BufferedResponse own ? own.length() == 0 : answer.bytes().length == 0;
  }

  /** Says that an answer was read. */
  public static void release(HttpResponse answer) {
    if (answer instanceof BufferedResponse own) {
      own.release();
    }
  }
}
