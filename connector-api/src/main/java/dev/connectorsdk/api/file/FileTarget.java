package dev.connectorsdk.api.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a downloaded file goes, how large it may be, and who is told how far it has come.
 *
 * <pre>{@code
 * FileTarget.of(Path.of("report.pdf"))
 * FileTarget.of(response.getOutputStream()).limitedTo(100 * 1024 * 1024)
 * FileTarget.of(file -> index(file.info().name(), file.stream()))
 * }</pre>
 *
 * <p>Immutable, and safe for use by several threads if its receiver is.
 */
public final class FileTarget {

  private static final long STANDARD_BYTES = 10L * 1024 * 1024 * 1024;

  private final Receiver receiver;
  private final long maxBytes;
  private final @Nullable FileProgress progress;

  private FileTarget(Receiver receiver, long maxBytes, @Nullable FileProgress progress) {
    this.receiver = receiver;
    this.maxBytes = maxBytes;
    this.progress = progress;
  }

  /** Does something with a file while it comes. */
  @FunctionalInterface
  public interface Receiver {

    /**
     * Called once, when the service has begun to send the file, on the thread of the call, whose
     * time goes on meanwhile. What is not read of the file is dropped.
     *
     * @throws IOException the call fails
     */
    void receive(ReceivedFile file) throws IOException;
  }

  /** Returns a target that writes a file; see {@link ReceivedFile#saveTo}. */
  public static FileTarget of(Path file) {
    Objects.requireNonNull(file, "file");
    return of(received -> received.saveTo(file));
  }

  /**
   * Returns a target that writes to a stream, and leaves it open. What came before a failure stays.
   */
  public static FileTarget of(OutputStream out) {
    Objects.requireNonNull(out, "out");
    return of(
        received -> {
          received.stream().transferTo(out);
          out.flush();
        });
  }

  /** Returns a target that writes to a channel, as {@link #of(OutputStream)} does to a stream. */
  public static FileTarget of(WritableByteChannel channel) {
    return of(Channels.newOutputStream(channel));
  }

  /** Returns a target that hands the file to code. */
  public static FileTarget of(Receiver receiver) {
    return new FileTarget(Objects.requireNonNull(receiver, "receiver"), STANDARD_BYTES, null);
  }

  /**
   * Returns a copy that takes no more than this, and no more than this one does. The default is 10
   * GiB. Bytes are counted after decompression.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public FileTarget limitedTo(long maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("A limit must not be negative, but was " + maxBytes);
    }
    return new FileTarget(receiver, Math.min(maxBytes, this.maxBytes), progress);
  }

  /** Returns a copy that says how far it has come. */
  public FileTarget onProgress(FileProgress progress) {
    return new FileTarget(receiver, maxBytes, Objects.requireNonNull(progress, "progress"));
  }

  /** Returns the most bytes that a file may have. */
  public long maxBytes() {
    return maxBytes;
  }

  /** Returns who is told how far it has come, or {@code null} for nobody. */
  public @Nullable FileProgress progress() {
    return progress;
  }

  /** Receives a file. Called by the runtime. */
  public void receive(ReceivedFile file) throws IOException {
    receiver.receive(file);
  }
}
