package dev.connectorsdk.api.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** Reads files as a whole. */
public final class WholeFile {

  private WholeFile() {}

  /**
   * Returns the content of a file, or its first {@code limit + 1} bytes if it is larger than {@code
   * limit}.
   *
   * @throws IOException if it cannot be read, or is no regular file: a pipe or a device may never
   *     say a word, or never end
   */
  public static byte[] read(Path file, int limit) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(file.toString(), null, "is no regular file");
    }
    int expected = (int) Math.min(attributes.size(), limit + 1L);
    try (InputStream in = Files.newInputStream(file)) {
      byte[] room = new byte[expected];
      int read = in.readNBytes(room, 0, expected);
      if (read < expected) {
        return Arrays.copyOf(room, read);
      }
      if (expected > limit || in.read() < 0) {
        return room;
      }
      throw new FileSystemException(file.toString(), null, "has grown while it was read");
    }
  }
}
