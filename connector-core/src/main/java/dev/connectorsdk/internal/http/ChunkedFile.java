package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.file.FileSource;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read chunk by chunk, and again from wherever that is asked for as far as it can
 * be. Belongs to one upload.
 */
final class ChunkedFile implements AutoCloseable {

  private final FileSource source;
  private final long size;
  private final int chunkBytes;
  private @Nullable InputStream in;
  private byte[] last = {};
  private long lastFrom;

  /**
   * @throws InvalidInputException if nobody knows how large the file is, or it is too large
   */
  ChunkedFile(FileSource source, int chunkBytes) {
    this.source = source;
    this.chunkBytes = chunkBytes;
    try {
      this.size = source.size();
      if (size > source.maxBytes()) {
        throw UnreadableFile.tooLarge(source.maxBytes());
      }
    } catch (IOException e) {
      throw UnreadableFile.of(e).failure();
    }
    if (size < 0) {
      throw new InvalidInputException(
          "an upload in chunks", "(file)", "must have a size that is known before");
    }
  }

  long size() {
    return size;
  }

  /**
   * Returns the chunk that begins somewhere, the last one shorter than the others.
   *
   * @throws InvalidInputException if the file has another size than was said
   */
  byte[] chunk(long from) {
    try {
      InputStream open = at(from);
      // The service may have taken a part of the last chunk. What it took is not held any longer.
      last = Arrays.copyOfRange(last, (int) (from - lastFrom), last.length);
      lastFrom = from;
      int known = last.length;
      byte[] chunk = Arrays.copyOf(last, (int) Math.min(chunkBytes, size - from));
      boolean isCut = open.readNBytes(chunk, known, chunk.length - known) < chunk.length - known;
      if (isCut || (from + chunk.length == size && open.read() >= 0)) {
        throw UnreadableFile.ofAnotherSize(size);
      }
      last = chunk;
      return chunk;
    } catch (IOException e) {
      throw UnreadableFile.of(e).failure();
    }
  }

  /** Returns the content, of which everything to the end of the last chunk was read. */
  private InputStream at(long from) throws IOException {
    InputStream open = in;
    if (open != null && from >= lastFrom && from <= lastFrom + last.length) {
      return open;
    }
    if (open != null) {
      requireRepeatable();
      open.close();
    }
    last = new byte[0];
    lastFrom = from;
    open = source.open();
    in = open;
    try {
      open.skipNBytes(from);
    } catch (EOFException e) {
      throw UnreadableFile.ofAnotherSize(size);
    }
    return open;
  }

  private void requireRepeatable() {
    if (!source.isRepeatable()) {
      throw new InvalidInputException(
          "an upload in chunks",
          "(file)",
          "is a stream that was read, and the service lacks a part that it had confirmed");
    }
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
    }
  }
}
