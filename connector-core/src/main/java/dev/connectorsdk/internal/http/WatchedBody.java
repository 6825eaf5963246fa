package dev.connectorsdk.internal.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.ResponseBody;
import okio.ForwardingSource;
import okio.Source;

/** A body that says once when it was closed. */
final class WatchedBody extends ForwardingBody {

  WatchedBody(ResponseBody body, AnswerWatch watch) {
    super(body, new WatchedSource(body.source(), watch));
  }

  private static final class WatchedSource extends ForwardingSource {

    private final AnswerWatch watch;
    private final AtomicBoolean ended = new AtomicBoolean();

    WatchedSource(Source source, AnswerWatch watch) {
      super(source);
      this.watch = watch;
    }

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
  }
}
