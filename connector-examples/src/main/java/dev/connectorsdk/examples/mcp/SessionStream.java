package dev.connectorsdk.examples.mcp;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;

/** An answer that goes on after its request has been served. */
final class SessionStream implements AsyncListener {

  private final Runnable atEnd;

  private SessionStream(Runnable atEnd) {
    this.atEnd = atEnd;
  }

  /**
   * Has something be done when the answer ends.
   *
   * @return whether it has not ended yet; if it has, nothing is done
   */
  static boolean onEnd(HttpServletRequest request, Runnable atEnd) {
    if (!request.isAsyncStarted()) {
      return false;
    }
    try {
      request.getAsyncContext().addListener(new SessionStream(atEnd));
      return true;
    } catch (IllegalStateException e) {
      return false; // it has ended meanwhile
    }
  }

  @Override
  public void onComplete(AsyncEvent event) {
    atEnd.run();
  }

  /** After these the answer is complete, too. */
  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onError(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {}
}
