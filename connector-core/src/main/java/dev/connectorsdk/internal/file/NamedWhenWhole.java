package dev.connectorsdk.internal.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
    requireWritable(file);
    Path part = temporary.next();
    try {
      Files.copy(content, part);
      moveTo(file, part);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** A file of hours is not read for a place that does not exist. */
  private static void requireWritable(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new NoSuchFileException(file.toString(), null, "its folder does not exist");
    }
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a folder");
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
