package dev.connectorsdk.secret;

import dev.connectorsdk.api.internal.WholeFile;
import dev.connectorsdk.internal.file.OwnersFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A file with one key in each line, {@code id = Base64}, the current one first. Lines that are
 * blank or begin with {@code #} mean nothing.
 */
final class KeyFile {

  private static final int LARGEST = 64 * 1024;
  private static final String HEAD =
      """
      # Keys that encrypt stored credentials. Whoever can read this file can read these; without it
      # they are lost. The first key encrypts, the others decrypt what was encrypted before.
      """;

  private final Path file;

  KeyFile(Path file) {
    this.file = file;
  }

  /** Returns the keys in the order of the file; at least one. */
  List<EncryptionKey> read() {
    try {
      return parse(readLines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the file, with one new key, and its folder. Nobody ever reads a part of it. */
  void create(String keyId) {
    String text = HEAD + newLine(keyId);
    try {
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
      OwnersFile.createFolder(folder);
      Path whole = newName(folder);
      OwnersFile.createEmpty(whole);
      try {
        OwnersFile.fill(whole, bytes(text));
        Files.createLink(file, whole);
      } catch (UnsupportedOperationException noLinks) {
        OwnersFile.createEmpty(file);
        OwnersFile.fill(file, bytes(text));
      } finally {
        Files.deleteIfExists(whole);
      }
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(problem("exists already; load it, or add a key to it"), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path newName(Path folder) {
    return folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".new");
  }

  /** Puts a new key before the others. Whoever reads meanwhile sees the file before or after. */
  void addCurrent(String keyId) {
    try {
      replaceWith(keyId);
    } catch (FileAlreadyExistsException e) {
      throw new IllegalArgumentException(
          problem(
              "is being changed by somebody else; if nobody does, delete what was left of a change"
                  + " that broke off: "
                  + e.getFile()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void replaceWith(String keyId) throws IOException {
    Path real = file.toRealPath();
    // A fixed name: of two at once the second fails here, so neither loses its key.
    Path next = real.resolveSibling(real.getFileName() + ".new");
    OwnersFile.createEmpty(next);
    try {
      OwnersFile.fill(next, bytes(withNewKey(keyId)));
      Files.setOwner(next, Files.getOwner(real));
      Files.move(next, real, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(next);
    }
  }

  private String withNewKey(String keyId) throws IOException {
    List<String> lines = new ArrayList<>(readLines());
    if (parse(lines).stream().anyMatch(key -> key.id().equals(keyId))) {
      throw new IllegalArgumentException(problem("has a key '" + keyId + "' already"));
    }
    int first = 0;
    while (isIgnored(lines.get(first))) {
      first++;
    }
    lines.set(first, newLine(keyId) + lines.get(first));
    return String.join("\n", lines) + "\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private List<String> readLines() throws IOException {
    requireOwnerOnly();
    byte[] content = WholeFile.read(file, LARGEST);
    if (content.length > LARGEST) {
      throw new IllegalArgumentException(problem("is larger than " + LARGEST + " bytes"));
    }
    // Other bytes than text give lines that are refused by number.
    return new String(content, StandardCharsets.ISO_8859_1).lines().toList();
  }

  private List<EncryptionKey> parse(List<String> lines) {
    List<EncryptionKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!isIgnored(line)) {
        try {
          keys.add(parse(line));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              problem("has no usable key in line " + (i + 1) + ": " + e.getMessage()), e);
        }
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(problem("has no key"));
    }
    return keys;
  }

  private static EncryptionKey parse(String line) {
    int equals = line.indexOf('=');
    if (equals < 0) {
      throw new IllegalArgumentException("A line must be 'id = key in Base64'");
    }
    byte[] key = decode(line.substring(equals + 1).strip());
    try {
      return EncryptionKey.of(line.substring(0, equals).strip(), key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      // The decoder's message repeats a part of the key, so neither it nor the exception goes on.
      throw new IllegalArgumentException("The key is not Base64");
    }
  }

  private static boolean isIgnored(String line) {
    return line.isBlank() || line.startsWith("#");
  }

  private static String newLine(String keyId) {
    byte[] key = EncryptionKey.randomBytes();
    EncryptionKey.of(keyId, key);
    return keyId + " = " + Base64.getEncoder().encodeToString(key) + "\n";
  }

  private void requireOwnerOnly() throws IOException {
    Optional<String> wrong = OwnersFile.problem(file);
    if (wrong.isPresent()) {
      throw new IllegalArgumentException(problem(wrong.get()));
    }
  }

  private String problem(String text) {
    return "Key file " + file + " " + text;
  }
}
