package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;

/** A body that ends with an error as soon as it is longer than allowed. */
final class LimitedBody extends ForwardingBody {

  LimitedBody(ResponseBody body, long limit) {
    super(body, new LimitedSource(body, limit));
  }

  private static final class LimitedSource extends ForwardingSource {

    private final ResponseBody body;
    private final long limit;
    private long left;

    LimitedSource(ResponseBody body, long limit) {
      super(body.source());
      this.body = body;
      this.limit = limit;
      this.left = limit;
    }

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
}
