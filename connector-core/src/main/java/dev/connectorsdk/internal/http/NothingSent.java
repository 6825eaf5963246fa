package dev.connectorsdk.internal.http;

import java.io.IOException;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Whoever took a request over says that the service has got nothing of it. */
public final class NothingSent extends IOException {

  private static final long serialVersionUID = 1L;

  private final IOException reason;

  /**
   * @param reason what OkHttp would have said
   */
  public NothingSent(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  /** Notes that a body was sent to nobody, and returns whether it can be sent to somebody else. */
  public static boolean mayBeSentAgain(@Nullable RequestBody body) {
    if (body instanceof OneShotBody own) {
      own.forgetWriting();
    }
    return OneShotBody.canBeSentAgain(body);
  }

  /** Returns what a failure is about, after noting that a body was sent to nobody. */
  static IOException noted(IOException e, @Nullable RequestBody body) {
    if (!(e instanceof NothingSent unsent)) {
      return e;
    }
    if (body instanceof OneShotBody own) {
      own.forgetWriting();
    }
    return unsent.reason;
  }
}
