package dev.connectorsdk.internal.gateway.line;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import okio.Buffer;
import okio.ByteString;

/** A wire that nobody is at the other end of, and what is said on it. */
public final class FrameWire implements Wire {

  /** What was sent, in order. */
  public final BlockingQueue<Frame> sent = new LinkedBlockingQueue<>();

  /** The messages that these came in. */
  public final BlockingQueue<ByteString> messages = new LinkedBlockingQueue<>();

  /** Returns a message of one frame. */
  public static ByteString message(Frame.Type type, ByteString payload) {
    return message(Frame.of(type, payload));
  }

  /** Returns a message of these frames. */
  public static ByteString message(Frame... frames) {
    Buffer message = new Buffer();
    for (Frame frame : frames) {
      frame.writeTo(message);
    }
    return message.readByteString();
  }

  /** Returns what is in a message. */
  public static List<Frame> frames(ByteString message) {
    try {
      return Frame.allOf(message);
    } catch (ProtocolFault e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public boolean isFree() {
    return true;
  }

  @Override
  public void send(ByteString message) {
    messages.add(message);
    sent.addAll(frames(message));
  }

  @Override
  public void close() {
    // There is no socket.
  }

  @Override
  public void cancel() {
    // There is no socket.
  }
}
