package dev.connectorsdk.internal.audit;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.audit.AuditSettings.Overflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
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

  private final FileChannel channel;
  private final long mostBytes;
  private final JsonMapper mapper;

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
   * Gives all records to {@code taker}, some at a time, and is empty afterwards. What it throws is
   * thrown, and then the file is as it was.
   */
  void drain(int batch, Consumer<List<AuditRecord>> taker) {
    try {
      channel.position(0);
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
      List<AuditRecord> some = new ArrayList<>();
      String line;
      while ((line = reader.readLine()) != null) {
        AuditRecord record = read(line);
        if (record != null) {
          some.add(record);
        }
        if (some.size() == batch) {
          taker.accept(some);
          some = new ArrayList<>();
        }
      }
      if (!some.isEmpty()) {
        taker.accept(some);
      }
      channel.truncate(0);
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
