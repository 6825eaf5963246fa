package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.internal.file.TemporaryFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where files wait to be sent whose size is not known and has to be said first. Belongs to one
 * request.
 */
final class Spool implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  private final TemporaryFiles temporary;
  private final List<Path> kept = new ArrayList<>();
  private boolean unneeded;

  Spool(TemporaryFiles temporary) {
    this.temporary = temporary;
  }

  /** Says that the service takes files of unknown size. */
  void isNotNeeded() {
    unneeded = true;
  }

  boolean isUnneeded() {
    return unneeded;
  }

  /**
   * Keeps the content of a file until this is closed.
   *
   * @throws IOException if it cannot be read or kept, or is too large
   */
  Path keep(FileSource source) throws IOException {
    Path file = temporary.next();
    kept.add(file);
    try (InputStream in = source.open();
        OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
      byte[] buffer = new byte[64 * 1024];
      long size = 0;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        size += count;
        if (size > source.maxBytes()) {
          throw UnreadableFile.tooLarge(source.maxBytes());
        }
        out.write(buffer, 0, count);
      }
    }
    return file;
  }

  @Override
  public void close() {
    for (Path file : kept) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        log.warn("A temporary file could not be removed: {}", e.toString());
      }
    }
  }
}
