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
final class OneShotBody extends RequestBody {

  private final byte[] bytes;
  private final @Nullable MediaType type;
  private volatile boolean written;

  OneShotBody(byte[] bytes, @Nullable MediaType type) {
    this.bytes = bytes;
    this.type = type;
  }

  @Override
  public @Nullable MediaType contentType() {
    return type;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    written = true;
    sink.write(bytes);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns what a body would send. */
  static byte[] bytes(RequestBody body) {
    try (Buffer buffer = new Buffer()) {
      body.writeTo(buffer);
      return buffer.readByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether sending has begun: before that, the service cannot have acted on it. */
  boolean wasWritten() {
    return written;
  }

  void forgetWriting() {
    written = false;
  }

  @Override
  public boolean isOneShot() {
    return true;
  }
}
