package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads what somebody names on the command line, files and pipes alike, but not without end. */
final class InputFile {

  /** For inputs of operations, and files in them. */
  static final int LARGEST = 64 * 1024 * 1024;

  /** For keys, passwords and certificates. */
  static final int LARGEST_SECRET = 1024 * 1024;

  private InputFile() {}

  /**
   * Returns the content of a file.
   *
   * @param most how many bytes it may have
   */
  static byte[] read(Path file, int most) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), most);
    } catch (NoSuchFileException e) {
      throw new UsageException("no such file: " + file);
    } catch (IOException e) {
      throw new UsageException("cannot read " + file);
    }
  }

  /**
   * Returns what is left of a stream.
   *
   * @param name what it is called in messages
   */
  static byte[] read(InputStream in, String name, int most) throws IOException {
    byte[] content = in.readNBytes(most + 1);
    if (content.length > most) {
      throw new UsageException(name + " is larger than " + most / 1024 + " KiB");
    }
    return content;
  }
}
