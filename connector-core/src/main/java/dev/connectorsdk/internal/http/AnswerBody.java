package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.internal.WireText;
import java.nio.charset.StandardCharsets;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer in memory. It stays in the buffer that it was received into until somebody
 * wants its bytes: JSON is mostly read once, straight from there. Safe for several threads once
 * {@link #bytes} was called.
 */
final class AnswerBody {

  private static final byte[] NONE = {};

  private @Nullable Buffer received;
  private byte[] bytes;

  private AnswerBody(@Nullable Buffer received, byte[] bytes) {
    this.received = received;
    this.bytes = bytes;
  }

  /** Returns a body of bytes, which are not copied. */
  static AnswerBody of(byte[] bytes) {
    return new AnswerBody(null, bytes);
  }

  /** Takes all that a buffer holds. */
  static AnswerBody taking(Buffer read) {
    Buffer own = new Buffer();
    own.write(read, read.size());
    return new AnswerBody(own, NONE);
  }

  long length() {
    return received == null ? bytes.length : received.size();
  }

  /** Returns the bytes, not copied. */
  byte[] bytes() {
    Buffer buffer = received;
    if (buffer != null) {
      bytes = buffer.readByteArray();
      received = null;
    }
    return bytes;
  }

  /** Makes a value of bytes in UTF-8. */
  interface Reader<T> {
    T read(byte[] bytes, int from, int count);
  }

  /**
   * Has the body read as text in UTF-8.
   *
   * @param contentType what says in which charset it came, or {@code null}
   */
  <T> T read(Reader<T> reader, @Nullable String contentType) {
    Buffer buffer = received;
    if (buffer != null && WireText.charset(contentType).equals(StandardCharsets.UTF_8)) {
      try (Buffer.UnsafeCursor piece = buffer.readUnsafe()) {
        if (piece.next() == buffer.size() && piece.data != null && !isMarked(piece)) {
          return reader.read(piece.data, piece.start, piece.end - piece.start);
        }
      }
    }
    byte[] text = WireText.utf8(bytes(), contentType);
    return reader.read(text, 0, text.length);
  }

  /** Returns whether the text may begin with the byte order mark of another encoding. */
  private static boolean isMarked(Buffer.UnsafeCursor piece) {
    byte first = piece.data == null || piece.start == piece.end ? 0 : piece.data[piece.start];
    return first == (byte) 0xFE || first == (byte) 0xFF || first == 0;
  }

  /** Gives the memory back. The body is empty from now on, unless its bytes were asked for. */
  void release() {
    Buffer buffer = received;
    if (buffer != null) {
      buffer.clear();
    }
  }
}
