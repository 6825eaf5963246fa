package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.MediaType;
import okhttp3.ResponseBody;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** A body that says once when it was closed. */
final class WatchedBody extends ResponseBody {

  private final ResponseBody body;
  private final BufferedSource source;

  WatchedBody(ResponseBody body, AnswerWatch watch) {
    this.body = body;
    AtomicBoolean ended = new AtomicBoolean();
    this.source =
        Okio.buffer(
            new ForwardingSource(body.source()) {
              @Override
              public void close() throws IOException {
                try {
                  super.close();
                } finally {
                  if (ended.compareAndSet(false, true)) {
                    watch.ended();
                  }
                }
              }
            });
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
