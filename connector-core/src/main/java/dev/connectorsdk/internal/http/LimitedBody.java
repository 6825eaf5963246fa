package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.ResponseBody;
import okio.Buffer;

/** A body that ends with an error as soon as it is longer than allowed. */
final class LimitedBody extends ForwardingBody {

  LimitedBody(ResponseBody body, long limit) {
    super(body, new CheckedSource(body, limit));
  }

  private static final class CheckedSource extends LimitedSource {

    private final ResponseBody body;

    CheckedSource(ResponseBody body, long limit) {
      super(body.source(), limit);
      this.body = body;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      requireLength(body);
      return super.read(sink, byteCount);
    }
  }

  /** OkHttp takes a negative length for one, and fails in the middle of reading. */
  static void requireLength(ResponseBody body) throws IOException {
    if (!hasLength(body)) {
      throw new ProtocolException("The service announced a negative length");
    }
  }

  /** Returns whether the length of a body is one, or unknown. */
  static boolean hasLength(ResponseBody body) {
    return body.contentLength() >= -1;
  }
}
