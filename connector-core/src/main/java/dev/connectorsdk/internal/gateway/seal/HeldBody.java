package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.internal.http.RequestCredential.Signed;
import java.io.IOException;
import java.util.function.Function;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ForwardingSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request that comes from the host and can be read once: it is held in memory if it
 * is signed, and streams if it is not.
 */
final class HeldBody extends RequestBody {

  /** As much as a strategy signs. */
  private static final long LARGEST = 64 * 1024 * 1024;

  private final RequestBody streamed;
  private @Nullable RequestBody held;

  private HeldBody(RequestBody streamed) {
    this.streamed = streamed;
  }

  /**
   * Signs a request whose body may have to be read for that.
   *
   * @param sign is given the request with a body that can be read twice
   */
  static Signed sign(Request request, Function<Request, Signed> sign) {
    RequestBody body = request.body();
    if (body == null || !body.isOneShot()) {
      return sign.apply(request);
    }
    HeldBody both = new HeldBody(body);
    Signed signed = sign.apply(request.newBuilder().method(request.method(), both).build());
    Request toSend = signed.request().newBuilder().method(request.method(), both.toSend()).build();
    return new Signed(toSend, signed.version(), signed.look());
  }

  private RequestBody toSend() {
    RequestBody read = held;
    return read == null ? streamed : read;
  }

  @Override
  public @Nullable MediaType contentType() {
    return streamed.contentType();
  }

  @Override
  public long contentLength() throws IOException {
    return streamed.contentLength();
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    RequestBody read = held;
    if (read == null) {
      read = RequestBody.create(read().readByteArray(), contentType());
      held = read;
    }
    read.writeTo(sink);
  }

  private Buffer read() throws IOException {
    Buffer all = new Buffer();
    BufferedSink limited =
        Okio.buffer(
            new ForwardingSink(all) {
              @Override
              public void write(Buffer source, long byteCount) throws IOException {
                if (all.size() + byteCount > LARGEST) {
                  throw new IOException("A body of more than 64 MiB cannot be signed");
                }
                super.write(source, byteCount);
              }
            });
    streamed.writeTo(limited);
    limited.flush();
    return all;
  }
}
