package dev.connectorsdk.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C8")
class KeyFileTest {

  private static final Place PLACE = new Place("conn-1", "tokens", 1);
  private static final Secret SECRET = Secret.of("s3cret");
  private static final String KEY_1 = "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=";
  private static final String KEY_2 = "/ty6mHZUMhD+3LqYdlQyEP7cuph2VDIQ/ty6mHZUMhA=";

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = directory.resolve("keys");
  }

  @Test
  void loadsWhatItCreated() {
    String ciphertext = KeyRing.createFile(file, "k1").encrypt(SECRET, PLACE);

    KeyRing loaded = KeyRing.load(file);

    assertThat(loaded).hasToString("KeyRing[k1]");
    assertThat(loaded.decrypt(ciphertext, PLACE)).isEqualTo(SECRET);
  }

  @Test
  void loadsAFileOf64KiB() throws IOException {
    KeyRing.createFile(file, "k1");
    String key = Files.readString(file);

    Files.writeString(file, "#".repeat(65_535 - key.length()) + "\n" + key);

    assertThat(Files.size(file)).isEqualTo(65_536);
    assertThat(KeyRing.load(file)).hasToString("KeyRing[k1]");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void createsAFileForItsOwnerOnly() throws IOException {
    KeyRing.createFile(file, "k1");
    assertThat(mode()).isEqualTo("rw-------");

    KeyRing.rotateFile(file, "k2");
    assertThat(mode()).isEqualTo("rw-------");
  }

  @Test
  @Tag("C5")
  void neverReplacesAFileThatExists() throws IOException {
    KeyRing.createFile(file, "k1");
    String before = Files.readString(file);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.createFile(file, "k2"))
        .withMessage("Key file " + file + " exists already; load it, or add a key to it");
    assertThat(file).hasContent(before);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void makesTheFolderOfItsFileForItsOwnerOnly() throws IOException {
    file = directory.resolve("etc/keys/host.keys");

    KeyRing.createFile(file, "k1");

    assertThat(KeyRing.load(file)).hasToString("KeyRing[k1]");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
        .isEqualTo("rwx------");
    assertThat(file.getParent()).isDirectoryNotContaining(f -> !f.equals(file));
  }

  @Test
  void aFileThatIsThereIsLoadedAndOneThatIsNotIsMade() {
    String ciphertext = KeyRing.loadOrCreate(file, "k1").encrypt(SECRET, PLACE);

    KeyRing again = KeyRing.loadOrCreate(file, "k2");

    assertThat(again).hasToString("KeyRing[k1]");
    assertThat(again.decrypt(ciphertext, PLACE)).isEqualTo(SECRET);
  }

  @Test
  void hostsThatStartAtOnceGetOneKey() throws Exception {
    ExecutorService hosts = Executors.newFixedThreadPool(8);
    try {
      Callable<KeyRing> start = () -> KeyRing.loadOrCreate(file, "k1");
      List<Future<KeyRing>> rings = hosts.invokeAll(Collections.nCopies(32, start));
      String ciphertext = KeyRing.load(file).encrypt(SECRET, PLACE);

      for (Future<KeyRing> ring : rings) {
        assertThat(ring.get().decrypt(ciphertext, PLACE)).isEqualTo(SECRET);
      }
    } finally {
      hosts.shutdownNow();
    }
  }

  @Test
  void aFileThatCannotBeLoadedIsNotReplaced() throws IOException {
    KeyRing.createFile(file, "k1");
    Files.writeString(file, "no key");

    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.loadOrCreate(file, "k2"));
    assertThat(file).hasContent("no key");
  }

  @Test
  void makesNoFileForAnIdThatIsNoName() {
    assertThatIllegalArgumentException().isThrownBy(() -> KeyRing.createFile(file, "a = b"));
    assertThat(file).doesNotExist();
  }

  @Test
  @Tag("C3")
  void rotatingPutsANewKeyFirstAndKeepsTheRest() throws IOException {
    String ciphertext = KeyRing.createFile(file, "k1").encrypt(SECRET, PLACE);
    write("# Ours – do not touch\n\n" + Files.readString(file));

    KeyRing rotated = KeyRing.rotateFile(file, "k2");

    assertThat(rotated).hasToString("KeyRing[k2, k1]").hasToString(KeyRing.load(file).toString());
    assertThat(rotated.decrypt(ciphertext, PLACE)).isEqualTo(SECRET);
    assertThat(Files.readString(file)).startsWith("# Ours – do not touch\n\n# Keys that");
    assertThat(Files.readAllLines(file)).hasSize(6);
    assertThat(filesInDirectory()).containsExactly(file);
  }

  @Test
  void rotatingToAnIdThatIsTakenChangesNothing() throws IOException {
    KeyRing.createFile(file, "k1");
    String before = Files.readString(file);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.rotateFile(file, "k1"))
        .withMessage("Key file " + file + " has a key 'k1' already");
    assertThat(file).hasContent(before);
    assertThat(filesInDirectory()).containsExactly(file);
  }

  @Test
  void ofTwoRotationsAtOnceTheSecondFails() throws IOException {
    KeyRing.createFile(file, "k1");
    Path begun = Files.createFile(directory.resolve("keys.new"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.rotateFile(file, "k2"))
        .withMessageStartingWith("Key file " + file + " is being changed by somebody else")
        .withMessageEndingWith(begun.toRealPath().toString());
    assertThat(KeyRing.load(file)).hasToString("KeyRing[k1]");
    assertThat(begun).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw--w----", "rw------x", "rwx------"})
  @DisabledOnOs(OS.WINDOWS)
  void refusesAFileThatOthersMayUse(String mode) throws IOException {
    KeyRing.createFile(file, "k1");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.load(file))
        .withMessage(
            "Key file %s may be used by others than its owner (%s); set its mode to 600",
            file, mode);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void loadsAFileThatNobodyMayWrite() throws IOException {
    KeyRing.createFile(file, "k1");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));

    assertThat(KeyRing.load(file)).hasToString("KeyRing[k1]");
  }

  @Test
  void readsALineForEachKeyTheCurrentOneFirst() throws IOException {
    write("# first\r\n\r\nk2=" + KEY_2 + "\r\n  k1   =   " + KEY_1 + "  \r\n");

    assertThat(KeyRing.load(file)).hasToString("KeyRing[k2, k1]");
  }

  @Test
  void namesTheLineThatIsWrongAndNothingOfIt() throws IOException {
    assertRefused("k1 = " + KEY_1 + "\nk2 " + KEY_2.replace("=", ""), "line 2: A line must be");
    assertRefused("k1 = " + KEY_1.substring(1), "line 1: The key is not Base64");
    assertRefused("k1 = " + KEY_1.replace('A', '!'), "line 1: The key is not Base64");
    assertRefused("# x\nk1 = QUJDREVGRw==", "line 2: Key 'k1' must have 32 bytes");
    assertRefused("k1 = " + "A".repeat(43) + "=", "line 1: Key 'k1' is no key");
    assertRefused("k 1 = " + KEY_1, "line 1: A key id must be");
    assertRefused("k1 = " + KEY_1 + "\nk1 = " + KEY_2, "two keys 'k1'");
    assertRefused("k1 = " + KEY_1 + "\nk2 = " + KEY_1, "'k1' and 'k2' are the same key");
    assertRefused("# nothing\n", "has no key");
    assertRefused("", "has no key");
    assertRefused("= " + KEY_1, "line 1: A key id must be");
    assertRefused("#".repeat(65_537), "is larger than 65536 bytes");
    assertRefused("\0\u0001\u00ff", "line 1: A line must be");
  }

  @Test
  void aMissingFileIsNotMade() {
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> KeyRing.load(file))
        .withCauseInstanceOf(NoSuchFileException.class);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> KeyRing.rotateFile(file, "k2"));
    assertThat(file).doesNotExist();
  }

  private void assertRefused(String content, String problem) throws IOException {
    write(content);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.load(file))
        .withMessageStartingWith("Key file " + file)
        .withMessageContaining(problem)
        .satisfies(
            e -> {
              for (Throwable each = e; each != null; each = each.getCause()) {
                assertThat(each.getMessage())
                    .doesNotContain("ASNF", "SNFZ", "ty6m", "QUJD", "AAAA", "!SNF");
              }
            });
  }

  private void write(String content) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(file);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
    Files.writeString(file, content);
  }

  private String mode() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private Stream<Path> filesInDirectory() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList().stream();
    }
  }
}
