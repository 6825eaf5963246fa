package dev.connectorsdk.examples.cli;

import dev.connectorsdk.definition.DefinitionCatalogue;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says where the definitions of connectors are. */
final class ConnectorsOption {

  @Option(
      names = "--connectors",
      paramLabel = "DIR",
      description = "A definition, or a folder of definitions, of the connectors.")
  private List<Path> folders = List.of();

  boolean isGiven() {
    return !folders.isEmpty();
  }

  /**
   * Loads them.
   *
   * @throws UsageException if a folder is not there
   */
  DefinitionCatalogue catalogue() {
    folders.forEach(DefinitionSource::requireFolder);
    return DefinitionCatalogue.load(folders.toArray(Path[]::new));
  }
}
