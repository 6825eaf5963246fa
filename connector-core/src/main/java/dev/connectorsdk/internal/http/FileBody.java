package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.file.FileSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;

/** The content of a file, which is read while it is sent. Belongs to one request. */
final class FileBody extends RequestBody {

  private static final int BUFFER = 64 * 1024;

  private final FileSource source;
  private final @Nullable MediaType type;
  private final Spool spool;
  private @Nullable Path spooled;
  private boolean isSized;
  private long size;
  private boolean wasOpened;

  FileBody(FileSource source, @Nullable MediaType type, Spool spool) {
    this.source = source;
    this.type = type;
    this.spool = spool;
  }

  @Override
  public @Nullable MediaType contentType() {
    return type;
  }

  /** Returns the size, or -1 if it is not known and need not be. */
  @Override
  public long contentLength() throws IOException {
    if (!isSized) {
      size = size();
      isSized = true;
    }
    return size;
  }

  private long size() throws UnreadableFile {
    try {
      long known = source.size();
      if (known > source.maxBytes()) {
        throw UnreadableFile.tooLarge(source.maxBytes());
      }
      if (known >= 0 || spool.isUnneeded()) {
        return known;
      }
      wasOpened = true;
      Path kept = spool.keep(source);
      spooled = kept;
      return Files.size(kept);
    } catch (IOException e) {
      throw UnreadableFile.of(e);
    }
  }

  /** Returns whether the content is there at least once more. */
  boolean canBeSentAgain() {
    return !wasOpened || isRepeatable();
  }

  /** Returns whether the content is there as often as it is asked for. */
  boolean isRepeatable() {
    return spooled != null || source.isRepeatable();
  }

  /** Returns whether the content comes from a call of this thread that is in flight. */
  boolean comesFromACall() {
    return comesFromACall(source);
  }

  /** A stream is opened by nobody, so that asking for it reads nothing. */
  static boolean comesFromACall(FileSource source) {
    try {
      return !source.isRepeatable() && IncomingFile.isContent(source.open());
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    long expected = contentLength();
    ProgressSteps progress = new ProgressSteps(source.progress(), expected);
    try (InputStream in = open();
        Buffer read = new Buffer()) {
      Source content = Okio.source(in);
      for (long count = read(content, read); count >= 0; count = read(content, read)) {
        requireRoom(progress.moved() + count, expected, content);
        sink.write(read, count); // moves it, where an array would be copied
        progress.move((int) count);
      }
    }
    if (progress.moved() < expected) {
      throw UnreadableFile.ofAnotherSize(expected);
    }
    progress.move(-1);
  }

  private InputStream open() throws UnreadableFile {
    try {
      wasOpened = true;
      Path kept = spooled;
      return kept == null ? source.open() : Files.newInputStream(kept);
    } catch (IOException e) {
      throw UnreadableFile.of(e);
    }
  }

  private static long read(Source content, Buffer to) throws UnreadableFile {
    try {
      return content.read(to, BUFFER);
    } catch (IOException e) {
      throw UnreadableFile.of(e);
    }
  }

  /**
   * The last bytes are sent when it is clear that they are the last: what is cut off is no file.
   */
  private void requireRoom(long sent, long expected, Source content) throws UnreadableFile {
    if (expected < 0) {
      if (sent > source.maxBytes()) {
        throw UnreadableFile.tooLarge(source.maxBytes());
      }
    } else if (sent > expected || (sent == expected && read(content, new Buffer()) >= 0)) {
      throw UnreadableFile.ofAnotherSize(expected);
    }
  }
}
