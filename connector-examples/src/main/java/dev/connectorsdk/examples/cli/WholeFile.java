package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** Writes files that are there as a whole or not at all, whenever the program is ended. */
final class WholeFile {

  private WholeFile() {}

  /**
   * Writes a file, in place of one that is there. What is no file, such as a pipe, is written to.
   */
  static void write(Path file, byte[] content) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.write(file, content);
      return;
    }
    Path named = Files.exists(file) ? file.toRealPath() : file;
    Path draft = named.resolveSibling(named.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      Files.write(draft, content);
      replace(draft, named);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Has a file take the place and the name of another. */
  static void replace(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
