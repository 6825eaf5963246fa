package dev.connectorsdk.examples.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that corrects a definition. */
final class OverlayOption {

  @Option(
      names = "--overlay",
      paramLabel = "FILE",
      description =
          "A file that corrects the definition: texts, effects, the base URL, defaults, what is"
              + " disabled.")
  private @Nullable Path overlay;

  boolean isGiven() {
    return overlay != null;
  }

  DefinitionSource of(Path folder) {
    return of(folder, null);
  }

  DefinitionSource of(Path folder, @Nullable String baseUrl) {
    return new DefinitionSource(folder, overlay, baseUrl);
  }
}
