package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A body that ends with an error as soon as it is longer than allowed. */
final class LimitedBody extends ResponseBody {

  private final ResponseBody body;
  private final BufferedSource source;

  LimitedBody(ResponseBody body, long limit) {
    this.body = body;
    this.source =
        Okio.buffer(
            new ForwardingSource(body.source()) {
              private long left = limit;

              @Override
              public long read(Buffer sink, long byteCount) throws IOException {
                requireLength(body);
                long read = super.read(sink, byteCount);
                left -= Math.max(read, 0);
                if (left < 0) {
                  throw tooLarge(limit);
                }
                return read;
              }
            });
  }

  /** OkHttp takes a negative length for one, and fails in the middle of reading. */
  static void requireLength(ResponseBody body) throws IOException {
    if (body.contentLength() < -1) {
      throw new ProtocolException("The service announced a negative length");
    }
  }

  static ResponseException tooLarge(long limit) {
    return new ResponseException("The answer is larger than the limit of " + limit + " bytes");
  }

  @Override
  public @Nullable MediaType contentType() {
    return body.contentType();
  }

  @Override
  public long contentLength() {
    return body.contentLength();
  }

  @Override
  public BufferedSource source() {
    return source;
  }
}
