package dev.connectorsdk.api.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an uploaded file comes from, how large it is, and who is told how far it has come.
 *
 * <pre>{@code
 * FileSource.of(Path.of("report.pdf"))
 * FileSource.of(request.getInputStream(), request.getContentLengthLong()).typed("image/png")
 * }</pre>
 *
 * <p>It may be a component of an action's input. The JSON Schema of that is text with the content
 * in Base64; whoever calls with a map or with JSON gives that, or a {@code FileSource} as the value
 * in the map.
 *
 * <p>Immutable, and safe for use by several threads if what it reads is.
 */
public final class FileSource {

  /** The size of a file of unknown size. */
  public static final long UNKNOWN = -1;

  private static final long STANDARD_BYTES = 10L * 1024 * 1024 * 1024;

  private final Content content;
  private final @Nullable String name;
  private final @Nullable String contentType;
  private final long maxBytes;
  private final @Nullable FileProgress progress;

  private FileSource(
      Content content,
      @Nullable String name,
      @Nullable String contentType,
      long maxBytes,
      @Nullable FileProgress progress) {
    this.content = content;
    this.name = name;
    this.contentType = contentType;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  private sealed interface Content {

    long size() throws IOException;

    InputStream open() throws IOException;
  }

  private record OfFile(Path file) implements Content {

    @Override
    public long size() throws IOException {
      if (!Files.isRegularFile(file)) {
        throw new FileSystemException(file.toString(), null, "is no regular file");
      }
      return Files.size(file);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Files are large: they are handed on, not copied.
  private record OfBytes(byte[] bytes) implements Content {

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  private record OfStream(InputStream stream, long size) implements Content {

    @Override
    public InputStream open() {
      return stream;
    }
  }

  /**
   * Returns the content of a file, which is opened whenever it is sent. Its size is that at the
   * time. It is named like the file.
   */
  public static FileSource of(Path file) {
    Path name = file.getFileName();
    return new FileSource(
        new OfFile(file), name == null ? null : name.toString(), null, STANDARD_BYTES, null);
  }

  /** Returns these bytes, which are not copied. */
  public static FileSource of(byte[] bytes) {
    return new FileSource(
        new OfBytes(Objects.requireNonNull(bytes, "bytes")), null, null, STANDARD_BYTES, null);
  }

  /**
   * Returns what a stream holds, which can be sent once. Whoever sends it closes it.
   *
   * @param size how many bytes that is; {@link #UNKNOWN} if nobody knows. Another number than the
   *     stream turns out to have fails the call
   * @throws IllegalArgumentException if the size is less than {@link #UNKNOWN}
   */
  public static FileSource of(InputStream stream, long size) {
    Objects.requireNonNull(stream, "stream");
    if (size < UNKNOWN) {
      throw new IllegalArgumentException("A size must not be negative, but was " + size);
    }
    return new FileSource(new OfStream(stream, size), null, null, STANDARD_BYTES, null);
  }

  /** Returns what a channel holds, as {@link #of(InputStream, long)} does for a stream. */
  public static FileSource of(ReadableByteChannel channel, long size) {
    return of(Channels.newInputStream(channel), size);
  }

  /**
   * Returns a file that is being downloaded, so that one call's download becomes another's upload,
   * through a buffer and without a file between:
   *
   * <pre>{@code
   * runtime.invoke(ada, drive, DOWNLOAD, id, CallOptions.standard().saveTo(FileTarget.of(file ->
   *     runtime.invoke(ada, box, UPLOAD, new NewFile("report.pdf", FileSource.of(file))))))
   * }</pre>
   *
   * <p>Both calls run on one thread: what ends one of them ends the other. Name, content type and
   * size are those that the service has told.
   */
  public static FileSource of(ReceivedFile file) {
    FileInfo info = file.info();
    return new FileSource(
        new OfStream(file.stream(), info.size()),
        info.name(),
        info.contentType(),
        STANDARD_BYTES,
        null);
  }

  /** Returns a copy with another name. */
  public FileSource named(String name) {
    return new FileSource(
        content, Objects.requireNonNull(name, "name"), contentType, maxBytes, progress);
  }

  /** Returns a copy with another content type. */
  public FileSource typed(String contentType) {
    return new FileSource(
        content, name, Objects.requireNonNull(contentType, "contentType"), maxBytes, progress);
  }

  /**
   * Returns a copy that fails the call if there is more than this. The default is 10 GiB.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public FileSource limitedTo(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("A limit must not be negative, but was " + maxBytes);
    }
    return new FileSource(content, name, contentType, Math.min(maxBytes, this.maxBytes), progress);
  }

  /**
   * Returns a copy that says how far it has come. Where a file is sent again, it begins at zero
   * again.
   */
  public FileSource onProgress(FileProgress progress) {
    return new FileSource(
        content, name, contentType, maxBytes, Objects.requireNonNull(progress, "progress"));
  }

  /** Returns the name, or {@code null} if there is none. */
  public @Nullable String name() {
    return name;
  }

  /** Returns the media type, or {@code null} if it is unknown. */
  public @Nullable String contentType() {
    return contentType;
  }

  /**
   * Returns how many bytes there are, or {@link #UNKNOWN}.
   *
   * @throws IOException if it is a file that cannot be read
   */
  public long size() throws IOException {
    return content.size();
  }

  /** Returns the most bytes that there may be. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Returns whether it can be sent again: whether it is a file or bytes. */
  public boolean isRepeatable() {
    return !(content instanceof OfStream);
  }

  /** Returns who is told how far it has come, or {@code null} for nobody. */
  public @Nullable FileProgress progress() {
    return progress;
  }

  /**
   * Returns the content, to be closed by the caller. A stream or channel is the same each time.
   *
   * @throws IOException if it cannot be read
   */
  public InputStream open() throws IOException {
    return content.open();
  }

  /** Returns the name, not the content. */
  @Override
  public String toString() {
    return "FileSource[" + name + "]";
  }
}
