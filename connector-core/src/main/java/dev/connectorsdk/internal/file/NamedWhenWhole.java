package dev.connectorsdk.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that have their name when they are whole. */
public final class NamedWhenWhole {

  private NamedWhenWhole() {}

  /**
   * Writes a file, in place of one that may have had the name.
   *
   * @param temporary where it is written meanwhile
   * @throws IOException if it cannot be read or written; then nothing is left of it
   */
  public static void write(InputStream content, Path file, TemporaryFiles temporary)
      throws IOException {
    Path part = temporary.next();
    try {
      Files.copy(content, part);
      moveTo(file, part);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void moveTo(Path file, Path part) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException elsewhere) {
      Path beside = file.resolveSibling("." + part.getFileName());
      try {
        Files.copy(part, beside);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    }
  }
}
