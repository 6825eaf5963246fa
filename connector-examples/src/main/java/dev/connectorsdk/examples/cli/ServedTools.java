package dev.connectorsdk.examples.cli;

import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.examples.mcp.Tools;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** The tools of some definitions, with what they need: stored connections and a runtime. */
final class ServedTools implements AutoCloseable {

  private final List<Path> folders;
  private final Path home;
  private final BiFunction<ConnectorRuntime, DefinitionCatalogue, Tools> maker;
  private final Deque<AutoCloseable> open = new ArrayDeque<>(); // guarded by this

  ServedTools(
      List<Path> folders,
      Path home,
      BiFunction<ConnectorRuntime, DefinitionCatalogue, Tools> maker) {
    this.folders = folders;
    this.home = home;
    this.maker = maker;
  }

  /** Returns about how many definitions there are in folders. */
  static long definitions(List<Path> folders) throws IOException {
    long all = 0;
    for (Path folder : folders) {
      try (Stream<Path> entries = Files.list(folder)) {
        all += entries.filter(Files::isDirectory).count();
      }
    }
    return all;
  }

  /** Loads the definitions, and opens all that is needed. */
  synchronized Tools open() {
    try {
      DefinitionCatalogue catalogue = DefinitionCatalogue.load(folders.toArray(Path[]::new));
      Home stored = Home.exists(home) ? kept(Home.open(home)) : null;
      ConnectorRuntime runtime =
          kept(
              (stored == null
                      ? Home.builder().connectors(catalogue.connectors())
                      : stored.runtime(catalogue.connectors()))
                  .build());
      return kept(maker.apply(runtime, catalogue));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T extends AutoCloseable> T kept(T resource) {
    open.push(resource);
    return resource;
  }

  /** Closes what was opened last first. */
  @Override
  public synchronized void close() throws IOException {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IOException(e);
      }
    }
  }
}
