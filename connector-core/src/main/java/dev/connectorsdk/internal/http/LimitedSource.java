package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import java.io.IOException;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Source;

/** A source that ends with an error as soon as it is longer than allowed. */
class LimitedSource extends ForwardingSource {

  private final long limit;
  private long left;

  LimitedSource(Source source, long limit) {
    this(source, limit, 0);
  }

  /**
   * @param before how many bytes were read before that count
   */
  LimitedSource(Source source, long limit, long before) {
    super(source);
    this.limit = limit;
    this.left = limit - before;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    long read = super.read(sink, byteCount);
    left -= Math.max(read, 0);
    if (left < 0) {
      throw tooLarge(limit);
    }
    return read;
  }

  static ResponseException tooLarge(long limit) {
    return new ResponseException("The answer is larger than the limit of " + limit + " bytes");
  }
}
