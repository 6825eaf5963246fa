package dev.connectorsdk.internal.gateway.line;

import java.io.IOException;
import okio.ByteString;

/** The socket below a line. One thread at a time sends. */
public interface Wire {

  /** Returns whether {@link #send} and {@link #close} would not wait now. */
  boolean isFree();

  /**
   * Hands a message to the socket, and waits while more than a few are on their way there.
   *
   * @throws IOException if the socket is closed, also while this waits
   */
  void send(ByteString message) throws IOException;

  /** Closes the socket after what was handed over, and at once if that takes too long. */
  void close();

  /** Closes the socket at once. What was handed over may be lost. */
  void cancel();
}
