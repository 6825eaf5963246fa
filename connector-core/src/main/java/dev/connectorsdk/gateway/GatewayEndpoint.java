package dev.connectorsdk.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes in the WebSockets (RFC 6455) that members of gateways open, whichever web server has
 * accepted them. An adapter of a few lines passes on what the server's own API tells. The JDK has
 * no server side for WebSockets.
 *
 * <p>Messages are binary, and have at most 16 KiB and a few bytes. Whoever dials proves itself by
 * the first of them, so the path of the endpoint needs no other authentication. Safe for use by
 * several threads.
 */
public interface GatewayEndpoint {

  /**
   * Takes in a WebSocket that was opened.
   *
   * @param address where it came from, for people to read
   * @return what is to be told of what comes
   */
  Line opened(Socket socket, String address);

  /**
   * Has members open their WebSockets elsewhere, because this process is about to close. It takes
   * no further ones; calls that it makes still go over those it has.
   */
  void drain();

  /** A WebSocket of a web server. One thread at a time sends. */
  interface Socket {

    /**
     * Sends a message, and waits while more than a few are on their way: what the server would take
     * without waiting is held in memory until the other side reads it.
     *
     * @throws IOException if the WebSocket is closed, also while this waits
     */
    void send(ByteBuffer message) throws IOException;

    /** Closes the WebSocket after what was sent. */
    void close();

    /** Ends the connection at once. What was sent may be lost. */
    void cancel();
  }

  /** What an adapter tells, of each WebSocket in the order in which it happens. Never blocks. */
  interface Line {

    /** A binary message has come; text is no message of a member. */
    void received(ByteBuffer message);

    /**
     * The WebSocket is closed, by whomever.
     *
     * @param why for people to read
     */
    void closed(String why);
  }
}
