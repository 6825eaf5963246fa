package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import okhttp3.Connection;
import okhttp3.Protocol;
import okhttp3.Request;

/**
 * Looks whether a service has closed a kept connection before a request that changes something goes
 * out on it. OkHttp looks only at those that were idle for 10 s, and many services close sooner; a
 * request that is lost this way could not be told from one that was carried out.
 *
 * <p>The look takes a millisecond, with HTTP/1 only: with HTTP/2 somebody always reads, and
 * notices. What arrives unasked makes a connection as useless as its end does.
 */
final class IdleConnections {

  private static final int LOOK_MILLIS = 1;

  /** How many kept connections may turn out to have ended before one is used. */
  private static final int MOST_ENDED = 10;

  /** The connection is at its end, and nothing of the request was sent. */
  static final class Ended extends IOException {
    private static final long serialVersionUID = 1L;

    Ended() {
      super("the kept connection had ended");
    }
  }

  private IdleConnections() {}

  /**
   * Looks at the connection that a request is about to be written to.
   *
   * @throws Ended if it has ended, and the request may not be lost
   */
  static void requireAlive(Connection connection, Request request) throws IOException {
    if (!isHttp2(connection)
        && !Methods.isSafe(request.method())
        && hasEnded(connection.socket())) {
      throw new Ended();
    }
  }

  /** Returns whether several exchanges share a connection, of which one thread reads. */
  static boolean isHttp2(Connection connection) {
    Protocol protocol = connection.protocol();
    return protocol == Protocol.HTTP_2 || protocol == Protocol.H2_PRIOR_KNOWLEDGE;
  }

  /** One exchange with a service. */
  interface Sending<T> {
    T send() throws IOException;
  }

  /** Sends until a connection is met that has not ended; on the others nothing was sent. */
  static <T> T passingEnded(Sending<T> sending) throws IOException {
    for (int before = 0; ; before++) {
      try {
        return sending.send();
      } catch (Ended e) {
        requireFew(before, e);
      }
    }
  }

  /**
   * Has the next connection tried, which may be a new one.
   *
   * @param before how many had ended before
   */
  static void requireFew(int before, Ended ended) throws Ended {
    if (before == MOST_ENDED) {
      throw ended;
    }
  }

  private static boolean hasEnded(Socket socket) throws IOException {
    int before = socket.getSoTimeout();
    socket.setSoTimeout(LOOK_MILLIS);
    try {
      socket.getInputStream().read();
      return true;
    } catch (SocketTimeoutException stillThere) {
      return false;
    } catch (IOException e) {
      return true;
    } finally {
      if (!socket.isClosed()) {
        socket.setSoTimeout(before);
      }
    }
  }
}
