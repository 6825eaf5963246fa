package dev.connectorsdk.internal.gateway.agent;

import java.io.IOException;
import java.util.function.Supplier;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.Source;
import org.jspecify.annotations.Nullable;

/** A body that is still arriving. */
final class StreamedBody extends RequestBody {

  private final Supplier<Source> content;
  private final long length;
  private final @Nullable MediaType type;
  private volatile boolean begun;

  StreamedBody(Supplier<Source> content, long length, String type) {
    this.content = content;
    this.length = length;
    this.type = MediaType.parse(type);
  }

  @Override
  public @Nullable MediaType contentType() {
    return type;
  }

  @Override
  public long contentLength() {
    return length;
  }

  @Override
  public boolean isOneShot() {
    return true;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    begun = true;
    Source source = content.get();
    while (source.read(sink.getBuffer(), 16 * 1024) >= 0) {
      sink.emitCompleteSegments();
    }
  }

  /** Returns whether the service may have got a part of it. */
  boolean wasBegun() {
    return begun;
  }
}
