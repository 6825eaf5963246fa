package dev.connectorsdk.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Maven project of a plugin with a connector, its test, and its entry for the service loader.
 *
 * @param name the connector's id, in lower case with hyphens
 * @param packageName of its classes
 * @param version of the library that it is built with
 */
record PluginProject(String name, String packageName, String version) {

  private static final String SERVICE =
      "src/main/resources/META-INF/services/dev.connectorsdk.api.spi.ConnectorProvider";

  /** Returns the files by their paths, with the contents. */
  Map<String, String> files() throws IOException {
    String folder = packageName.replace('.', '/') + "/";
    Map<String, String> files = new TreeMap<>();
    files.put("pom.xml", template("pom.xml.txt"));
    files.put("src/main/java/" + folder + className() + "Plugin.java", template("Plugin.java.txt"));
    files.put(
        "src/test/java/" + folder + className() + "PluginTest.java",
        template("PluginTest.java.txt"));
    files.put("src/test/resources/logback-test.xml", template("logback-test.xml.txt"));
    files.put(SERVICE, packageName + "." + className() + "Plugin\n");
    return files;
  }

  private String template(String file) throws IOException {
    try (InputStream in = PluginProject.class.getResourceAsStream("plugin/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), UTF_8)
          .replace("@NAME@", name)
          .replace("@PACKAGE@", packageName)
          .replace("@CLASS@", className())
          .replace("@TITLE@", title())
          .replace("@VERSION@", version);
    }
  }

  private List<String> words() {
    return Arrays.stream(name.split("-", -1))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .toList();
  }

  private String className() {
    return String.join("", words());
  }

  private String title() {
    return String.join(" ", words());
  }

  /**
   * Writes the project beside its folder, and gives it the folder's name once it is whole.
   *
   * @throws FileAlreadyExistsException if there is something with that name
   */
  void writeTo(Path folder) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    Path draft = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID());
    Thread cleaning = new Thread(() -> delete(draft), "connectors-new");
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      for (Map.Entry<String, String> file : files().entrySet()) {
        Path path = draft.resolve(file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      Files.move(draft, folder);
    } finally {
      delete(draft);
      end(cleaning);
    }
  }

  private static void end(Thread cleaning) {
    try {
      Runtime.getRuntime().removeShutdownHook(cleaning);
    } catch (IllegalStateException e) {
      return; // The process is ending, and the hook goes on to its end.
    }
  }

  private static void delete(Path draft) {
    try (Stream<Path> files = Files.exists(draft) ? Files.walk(draft) : Stream.empty()) {
      List<Path> deepestFirst =
          files.sorted(Comparator.reverseOrder()).collect(Collectors.toList());
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      return; // What cannot be deleted has a name of its own, and is in nobody's way.
    }
  }
}
