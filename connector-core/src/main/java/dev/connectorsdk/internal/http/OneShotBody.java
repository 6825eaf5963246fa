package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A body that OkHttp must not send twice on its own account: repeating is the runtime's decision.
 */
abstract class OneShotBody extends RequestBody {

  private final @Nullable MediaType type;
  private volatile boolean written;

  OneShotBody(@Nullable MediaType type) {
    this.type = type;
  }

  /** Returns a body of bytes, which are not copied. */
  static OneShotBody of(byte[] bytes, @Nullable MediaType type) {
    return new OfBytes(bytes, type);
  }

  /** Returns what a body would send. */
  static byte[] bytes(RequestBody body) {
    if (body instanceof OfBytes held) {
      return held.bytes;
    }
    try (Buffer buffer = new Buffer()) {
      body.writeTo(buffer);
      return buffer.readByteArray();
    } catch (UnreadableFile e) {
      throw e.failure();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public final @Nullable MediaType contentType() {
    return type;
  }

  @Override
  public final void writeTo(BufferedSink sink) throws IOException {
    written = true;
    send(sink);
  }

  /** Returns the same body with another content type. */
  abstract OneShotBody as(@Nullable MediaType type);

  /** Writes the content. */
  abstract void send(BufferedSink sink) throws IOException;

  /** Returns whether sending has begun: before that, the service cannot have acted on it. */
  final boolean wasWritten() {
    return written;
  }

  final void forgetWriting() {
    written = false;
  }

  /** Returns whether a body can be sent again, if there is one. */
  static boolean canBeSentAgain(@Nullable RequestBody body) {
    return body == null
        || (body instanceof OneShotBody own
            ? own.canBeSentAgain()
            : !(body.isOneShot() || body.isDuplex()));
  }

  /** Returns whether the content is there at least once more. */
  boolean canBeSentAgain() {
    return true;
  }

  /** Returns whether the content is there as often as it is asked for. */
  boolean isRepeatable() {
    return true;
  }

  /** Returns whether the content comes from a call of this thread that is in flight. */
  boolean comesFromACall() {
    return false;
  }

  @Override
  public final boolean isOneShot() {
    return true;
  }

  private static final class OfBytes extends OneShotBody {

    private final byte[] bytes;

    OfBytes(byte[] bytes, @Nullable MediaType type) {
      super(type);
      this.bytes = bytes;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    OneShotBody as(@Nullable MediaType type) {
      return new OfBytes(bytes, type);
    }

    @Override
    void send(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }
}
