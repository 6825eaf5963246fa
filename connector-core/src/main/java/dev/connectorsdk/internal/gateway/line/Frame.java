package dev.connectorsdk.internal.gateway.line;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What is said on a line: a byte for its type, one for its flags, two for the size of its payload,
 * four for the stream that it belongs to (0 for none), and the payload. A message holds one frame
 * or several.
 *
 * @param stream of what has streams; of {@link Type#CONTROL} the number of the question
 */
public record Frame(Type type, int flags, int stream, ByteString payload) {

  /** Nothing more comes in this direction of the stream. */
  public static final int END = 1;

  /** What is in the payload goes on in the next frame of the same type and stream. */
  public static final int MORE = 2;

  /** The answer to a question. */
  public static final int REPLY = 4;

  /** The most bytes of a payload. */
  public static final int MAX_PAYLOAD = 16 * 1024;

  private static final int HEADER = 8;

  /** The most bytes of a message, which is below what WebSocket servers take. */
  static final int MAX_MESSAGE = HEADER + MAX_PAYLOAD;

  /** What a frame is. The numbers are part of the protocol, and none is ever used again. */
  public enum Type {
    /** The host asks who this is. */
    CHALLENGE(1),
    /** The member says who it is. */
    HELLO(2),
    /** The line is open. */
    WELCOME(3),
    /** The line is not opened, and will not be however often it is tried. */
    REFUSED(4),
    /** A request without its body begins a stream. */
    OPEN(5),
    /** An answer without its body. */
    ANSWER(6),
    /** A piece of a body. */
    DATA(7),
    /** A stream ends before its time. */
    RESET(8),
    /** More may be sent on a stream. */
    CREDIT(9),
    /** A sign of life is wanted. */
    PING(10),
    /** A sign of life. */
    PONG(11),
    /** A question of either side, or the answer to one. */
    CONTROL(12),
    /** The sender is about to close: nothing more is to be begun here. */
    DRAIN(13);

    private static final Type[] ALL = values();

    private final int code;

    Type(int code) {
      this.code = code;
    }

    private static @Nullable Type of(int code) {
      return code < 1 || code > ALL.length ? null : ALL[code - 1];
    }
  }

  static Frame of(Type type) {
    return new Frame(type, 0, 0, ByteString.EMPTY);
  }

  /** Returns a frame that belongs to no stream. */
  public static Frame of(Type type, ByteString payload) {
    return new Frame(type, 0, 0, payload);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Returns how many bytes of a message it takes. */
  int size() {
    return HEADER + payload.size();
  }

  /** Adds it to a message. */
  void writeTo(Buffer message) {
    message
        .writeByte(type.code)
        .writeByte(flags)
        .writeShort(payload.size())
        .writeInt(stream)
        .write(payload);
  }

  /** Reads a message. Types that this version does not know are passed over. */
  static List<Frame> allOf(ByteString message) throws ProtocolFault {
    if (message.size() < HEADER) {
      throw new ProtocolFault("a message of " + message.size() + " bytes");
    }
    if (message.size() > MAX_MESSAGE) {
      throw new ProtocolFault("a message of " + message.size() + " bytes, which is too long");
    }
    ByteBuffer rest = message.asByteBuffer();
    List<Frame> frames = new ArrayList<>(2);
    while (rest.hasRemaining()) {
      Frame frame = next(rest);
      if (frame != null) {
        frames.add(frame);
      }
    }
    return frames;
  }

  private static @Nullable Frame next(ByteBuffer rest) throws ProtocolFault {
    if (rest.remaining() < HEADER) {
      throw new ProtocolFault("a frame of " + rest.remaining() + " bytes");
    }
    Type type = Type.of(rest.get());
    int flags = rest.get() & 0xff;
    int size = rest.getShort() & 0xffff;
    int stream = rest.getInt();
    if (size > rest.remaining()) {
      throw new ProtocolFault(rest.remaining() + " bytes where " + size + " were announced");
    }
    ByteString payload = ByteString.of(rest.slice().limit(size));
    rest.position(rest.position() + size);
    return type == null ? null : new Frame(type, flags, stream, payload);
  }
}
