package dev.connectorsdk.internal.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary files of one runtime, in a folder that it may share with others. Safe for several
 * threads.
 *
 * <p>Their names begin with an id of the runtime, which holds a lock on the file {@code <id>.lock}
 * as long as it runs. Another process that gets that lock knows that the runtime has ended, and
 * removes what it has left. Nothing is written before a file is asked for, but what others have
 * left is looked for at the start.
 */
public final class TemporaryFiles implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TemporaryFiles.class);

  private static final String LOCK = ".lock";
  private static final String PART = ".part";

  /** Where others can write, too, a name may be anything. */
  private static final Pattern OF_RUNTIME = Pattern.compile("(\\d+-\\d+-[0-9a-f-]+)\\.lock");

  private final Path folder;
  private final boolean isOurs;
  private final String process = process();
  private final AtomicLong last = new AtomicLong();
  private @Nullable Claim claim; // guarded by this
  private boolean closed; // guarded by this

  /** The right to the files that begin with an id. */
  private record Claim(String id, FileChannel lock) {}

  /**
   * Removes what runtimes have left in the folder that did not come to their end.
   *
   * @param chosen the host's folder, or {@code null} for one below the JVM's for temporary files
   * @throws UncheckedIOException if a folder of the host's cannot be read
   */
  public TemporaryFiles(@Nullable Path chosen) {
    this.isOurs = chosen == null;
    this.folder = chosen == null ? standard() : chosen;
    if (Files.isDirectory(folder)) {
      try {
        sweep();
      } catch (IOException e) {
        if (!isOurs) {
          throw new UncheckedIOException(e);
        }
        log.warn("Temporary files in {} are left as they are: {}", folder, e.toString());
      }
    }
  }

  /**
   * Returns how the ids of this process begin. Its locks are not for it to look at: by closing a
   * file, a process gives up all locks that it has on that.
   */
  private static String process() {
    ProcessHandle process = ProcessHandle.current();
    long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "-" + start + "-";
  }

  /** Others can write where the JVM has its temporary files. */
  private static Path standard() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "connector-sdk-" + System.getProperty("user.name"));
  }

  /**
   * Returns a file that does not exist yet, for whoever asks to write and to remove.
   *
   * @throws IOException if the folder cannot be written
   */
  public Path next() throws IOException {
    return folder.resolve(claim().id() + "." + last.incrementAndGet() + PART);
  }

  private synchronized Claim claim() throws IOException {
    Claim known = claim;
    if (closed) {
      throw new FileSystemException(folder.toString(), null, "the runtime is closed");
    }
    if (known == null) {
      Files.createDirectories(folder, ofOwnerOnly());
      known = newClaim();
      claim = known;
    }
    return known;
  }

  private FileAttribute<?>[] ofOwnerOnly() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** Somebody else's sweep may take the file for one that was left, until it is locked. */
  private Claim newClaim() throws IOException {
    while (true) {
      String id = process + UUID.randomUUID();
      Path file = folder.resolve(id + LOCK);
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      if (channel.tryLock() != null && Files.exists(file)) {
        requireOwn(file);
        return new Claim(id, channel);
      }
      channel.close();
    }
  }

  private void requireOwn(Path made) throws IOException {
    if (isOurs && !Files.getOwner(made).equals(Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS))) {
      throw new FileSystemException(folder.toString(), null, "belongs to somebody else");
    }
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> locks = Files.newDirectoryStream(folder, "*" + LOCK)) {
      for (Path lock : locks) {
        Matcher name = OF_RUNTIME.matcher(lock.getFileName().toString());
        if (name.matches() && !name.group().startsWith(process)) {
          removeIfEnded(lock, name.group(1));
        }
      }
    }
  }

  private void removeIfEnded(Path file, String id) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        remove(id);
      }
    } catch (NoSuchFileException gone) {
      // Another process sweeps as well, or this one has come to its end.
    }
  }

  private void remove(String id) throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, id + ".*" + PART)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
    Files.deleteIfExists(folder.resolve(id + LOCK));
  }

  /** Removes what is there. */
  @Override
  public synchronized void close() {
    closed = true;
    Claim known = claim;
    if (known != null) {
      claim = null;
      try {
        remove(known.id());
        known.lock().close();
      } catch (IOException e) {
        log.warn("Temporary files in {} could not be removed: {}", folder, e.toString());
      }
    }
  }
}
