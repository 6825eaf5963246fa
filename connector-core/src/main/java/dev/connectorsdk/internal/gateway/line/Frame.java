package dev.connectorsdk.internal.gateway.line;

import okio.Buffer;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One message of a line: a byte for its type, one for its flags, four for the stream that it
 * belongs to (0 for none), and the payload.
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

  /** The most bytes of a payload. With the header it is below what WebSocket servers take. */
  public static final int MAX_PAYLOAD = 16 * 1024;

  private static final int HEADER = 6;

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

  /** Returns the message. */
  ByteString encoded() {
    return new Buffer()
        .writeByte(type.code)
        .writeByte(flags)
        .writeInt(stream)
        .write(payload)
        .readByteString();
  }

  /**
   * Reads a message.
   *
   * @return {@code null} for a type that this version does not know, which is to be passed over
   */
  static @Nullable Frame decoded(ByteString message) throws ProtocolFault {
    if (message.size() < HEADER) {
      throw new ProtocolFault("a message of " + message.size() + " bytes");
    }
    if (message.size() > HEADER + MAX_PAYLOAD) {
      throw new ProtocolFault("a message of " + message.size() + " bytes, which is too long");
    }
    Type type = Type.of(message.getByte(0));
    if (type == null) {
      return null;
    }
    int stream = message.asByteBuffer().getInt(2);
    return new Frame(type, message.getByte(1) & 0xff, stream, message.substring(HEADER));
  }
}
