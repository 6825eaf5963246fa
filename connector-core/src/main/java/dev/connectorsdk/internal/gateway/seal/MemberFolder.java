package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.api.internal.WholeFile;
import dev.connectorsdk.internal.file.OwnersFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of one member of a gateway, with its keys and what it has to remember. Whoever can
 * read it is the member; nobody else may.
 */
public final class MemberFolder {

  private static final int LARGEST = 16 * 1024 * 1024;

  private static final JsonMapper JSON = new JsonMapper();

  private final Path folder;

  /**
   * Makes the folder where there is none.
   *
   * @throws UncheckedIOException if it cannot be made
   */
  public MemberFolder(Path folder) {
    this.folder = folder;
    try {
      OwnersFile.createFolder(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns what a file holds, or nothing if there is no such file.
   *
   * @throws IllegalArgumentException if others may use it, it is too large or damaged
   * @throws UncheckedIOException if it cannot be read
   */
  synchronized Optional<JsonNode> read(String name) {
    Path file = folder.resolve(name);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      Optional<String> wrong = OwnersFile.problem(file);
      if (wrong.isPresent()) {
        throw new IllegalArgumentException(file + " " + wrong.get());
      }
      byte[] content = WholeFile.read(file, LARGEST);
      if (content.length > LARGEST) {
        throw new IllegalArgumentException(file + " is larger than " + LARGEST + " bytes");
      }
      return Optional.of(JSON.readTree(content));
    } catch (JacksonException e) {
      // The content may be quoted in it.
      throw new IllegalArgumentException(file + " is damaged: it is no JSON");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a file, which others see as it was or as it is. It outlives the end of the process.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  synchronized void write(String name, JsonNode content) {
    Path next = folder.resolve(name + ".new");
    try {
      Files.deleteIfExists(next); // Of a process that came to a sudden end.
      OwnersFile.createEmpty(next);
      OwnersFile.fill(next, JSON.writeValueAsBytes(content));
      Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
