package dev.connectorsdk.internal.gateway.line;

import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** A text that may be longer than one frame, and what has arrived of it so far. */
final class Parts {

  /** The most bytes of a head, and of a question or its answer. */
  static final int MAX_BYTES = 256 * 1024;

  private final Buffer arrived = new Buffer();

  /** Returns the whole text with the frame that completes it, else {@code null}. */
  @Nullable ByteString add(Frame frame) throws ProtocolFault {
    arrived.write(frame.payload());
    if (arrived.size() > MAX_BYTES) {
      throw new ProtocolFault("a head of more than " + MAX_BYTES + " bytes");
    }
    return frame.has(Frame.MORE) ? null : arrived.readByteString();
  }

  /**
   * Lets through what can be sent.
   *
   * @throws IllegalArgumentException if a text is too long
   */
  static void requireFits(ByteString text) {
    if (text.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "The head of a request or an answer has " + text.size() + " bytes: over " + MAX_BYTES);
    }
  }

  /**
   * Returns the frames that a text is sent in.
   *
   * @param flags of the last one
   * @throws IllegalArgumentException if it is too long
   */
  static List<Frame> of(Frame.Type type, int flags, int stream, ByteString text) {
    requireFits(text);
    List<Frame> frames = new ArrayList<>();
    int from = 0;
    for (; text.size() - from > Frame.MAX_PAYLOAD; from += Frame.MAX_PAYLOAD) {
      ByteString part = text.substring(from, from + Frame.MAX_PAYLOAD);
      frames.add(new Frame(type, (flags & ~Frame.END) | Frame.MORE, stream, part));
    }
    frames.add(new Frame(type, flags, stream, text.substring(from)));
    return frames;
  }
}
