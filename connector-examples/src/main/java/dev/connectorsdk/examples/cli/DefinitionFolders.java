package dev.connectorsdk.examples.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds definitions in the folders that somebody named. */
final class DefinitionFolders {

  private DefinitionFolders() {}

  /**
   * Returns the folders to load, each once, in the order of their names.
   *
   * @param folders each a definition, or a folder of definitions
   */
  static List<Path> in(List<Path> folders) {
    List<Path> all = new ArrayList<>();
    folders.forEach(folder -> all.addAll(in(folder)));
    return all.stream().distinct().toList();
  }

  private static List<Path> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("no such folder: " + folder);
    }
    List<Path> inside = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.sorted().toList()) {
        if (Files.isRegularFile(entry) && String.valueOf(entry).endsWith(".json")) {
          return List.of(folder);
        }
        if (Files.isDirectory(entry) && !String.valueOf(entry.getFileName()).startsWith(".")) {
          inside.add(entry);
        }
      }
    } catch (IOException e) {
      throw new FailedException("cannot read the folder " + folder);
    }
    return inside.isEmpty() ? List.of(folder) : inside;
  }
}
