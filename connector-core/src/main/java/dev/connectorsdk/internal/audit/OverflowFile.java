package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.audit.AuditSettings.Overflow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Records that wait for the store, one JSON object in a line. What was appended is on the disk.
 * Belongs to one thread.
 */
final class OverflowFile implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OverflowFile.class);

  /** What is read at once. */
  private static final int PART = 256 * 1024;

  private final FileChannel channel;
  private final long mostBytes;
  private final JsonMapper mapper;

  /** Up to where records were given back. */
  private long done;

  private OverflowFile(FileChannel channel, long mostBytes, JsonMapper mapper) {
    this.channel = channel;
    this.mostBytes = mostBytes;
    this.mapper = mapper;
  }

  /**
   * Opens it for this runtime alone.
   *
   * @throws UncheckedIOException if it cannot be written
   * @throws IllegalStateException if another runtime uses it
   */
  static OverflowFile open(Overflow overflow, JsonMapper mapper) {
    try {
      FileChannel channel = open(overflow.file());
      if (!isLocked(channel)) {
        channel.close();
        throw new IllegalStateException(
            "Another runtime writes its audit records to " + overflow.file() + ": name another");
      }
      // The last line of a process that has ended may be cut off: the next is one of its own.
      if (channel.size() > 0) {
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}), channel.size());
      }
      return new OverflowFile(channel, overflow.mostBytes(), mapper);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean posix =
        Files.getFileStore(file.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
    return posix
        ? FileChannel.open(
            file,
            options,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : FileChannel.open(file, options);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** One that cannot be looked into is not taken for empty: {@link #drain} says what is wrong. */
  boolean isEmpty() {
    try {
      return channel.size() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Appends records, all or none.
   *
   * @param beyond whether the file may become larger than it may
   * @return {@code false} if there is no room, or they cannot be written
   */
  boolean append(Collection<AuditRecord> records, boolean beyond) {
    StringBuilder lines = new StringBuilder();
    records.forEach(record -> lines.append(mapper.writeValueAsString(record)).append('\n'));
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(lines.toString());
    long before = -1;
    try {
      before = channel.size();
      if (!beyond && before + bytes.remaining() > mostBytes) {
        return false;
      }
      channel.position(before);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
      return true;
    } catch (IOException e) {
      log.warn("Audit records cannot be written to the file: {}", e.getClass().getName());
      cutTo(before);
      return false;
    }
  }

  /** What is half written must not stand before what is written next. */
  private void cutTo(long size) {
    try {
      if (size >= 0) {
        channel.truncate(size);
      }
    } catch (IOException e) {
      log.warn("The file of audit records cannot be cut: {}", e.getClass().getName());
    }
  }

  /**
   * Gives the next records to {@code taker}, as many as fit into {@value #PART} bytes, or one. The
   * file is empty once all were given. What the taker throws is thrown, and it gets the same
   * records again; so it does if the process ends before all were given.
   */
  void drain(Consumer<List<AuditRecord>> taker) {
    try {
      byte[] part = part();
      int end = endOfLines(part);
      List<AuditRecord> some =
          new String(part, 0, end, StandardCharsets.UTF_8)
              .lines()
              .map(this::read)
              .filter(Objects::nonNull)
              .toList();
      if (!some.isEmpty()) {
        taker.accept(some);
      }
      done += end;
      if (done >= channel.size()) {
        channel.truncate(0);
        channel.force(true);
        done = 0;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads what comes next, with the end of a line in it if there is one. */
  private byte[] part() throws IOException {
    long left = channel.size() - done;
    int size = PART;
    while (true) {
      ByteBuffer part = ByteBuffer.allocate((int) Math.min(size, left));
      while (part.hasRemaining() && channel.read(part, done + part.position()) >= 0) {}
      byte[] bytes = part.array();
      if (size >= left || endOfLines(bytes) < bytes.length || bytes[bytes.length - 1] == '\n') {
        return bytes;
      }
      size *= 2;
    }
  }

  /** Returns where the last whole line ends; all of it, if there is none. */
  private static int endOfLines(byte[] part) {
    int end = part.length;
    while (end > 0 && part[end - 1] != '\n') {
      end--;
    }
    return end == 0 ? part.length : end;
  }

  /** A line can be cut off where the machine has ended while it was written. */
  private @Nullable AuditRecord read(String line) {
    if (line.isEmpty()) {
      return null;
    }
    try {
      return mapper.readValue(line, AuditRecord.class);
    } catch (JacksonException e) {
      log.warn("A line of the file of audit records cannot be read; it is left out");
      return null;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      log.warn("The file of audit records was not closed: {}", e.getClass().getName());
    }
  }
}
