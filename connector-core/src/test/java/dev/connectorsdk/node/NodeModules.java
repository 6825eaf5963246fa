package dev.connectorsdk.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Has npm install {@code src/test/node} into {@code target/node}, exactly as its lock file says,
 * once until that changes. Scripts of packages are not run.
 */
final class NodeModules {

  private static final Path SOURCE = Path.of("src", "test", "node");
  private static final Path TARGET = Path.of("target", "node");
  private static final String LOCK_FILE = "package-lock.json";
  private static final int MINUTES = 5;

  private NodeModules() {}

  /** Returns the folder, with our scripts and {@code node_modules} in it. */
  static synchronized Path install() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(TARGET).toAbsolutePath();
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock alone = channel.lock()) {
      assert alone.isValid();
      copyFiles(folder);
      Path installed = folder.resolve(".installed");
      if (!Files.exists(installed) || Files.mismatch(SOURCE.resolve(LOCK_FILE), installed) >= 0) {
        run(folder, npm(), "ci", "--ignore-scripts");
        Files.copy(SOURCE.resolve(LOCK_FILE), installed, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return folder;
  }

  private static void copyFiles(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(SOURCE)) {
      files = all.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path copy = folder.resolve(file.getFileName());
      if (!Files.exists(copy) || Files.mismatch(file, copy) >= 0) {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static String npm() {
    boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("windows");
    return windows ? "npm.cmd" : "npm";
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path log = folder.resolve("npm.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        throw new IOException(String.join(" ", command) + " took too long, see " + log);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IOException(String.join(" ", command) + " failed:\n" + Files.readString(log));
    }
  }
}
