package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.definition.Overlay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A definition, and what of it is corrected.
 *
 * @param overlay a file with corrections, or {@code null}
 * @param baseUrl where its service is, or {@code null} for what the definition and the file say
 */
record DefinitionSource(Path folder, @Nullable Path overlay, @Nullable String baseUrl) {

  static DefinitionSource of(Path folder) {
    return new DefinitionSource(folder, null, null);
  }

  /** Returns this, but for what is not said here and is in another one. */
  DefinitionSource orElse(DefinitionSource other) {
    return new DefinitionSource(
        folder,
        overlay == null ? other.overlay : overlay,
        baseUrl == null ? other.baseUrl : baseUrl);
  }

  /**
   * Loads it under the name of its folder.
   *
   * @throws UsageException if there is no such folder or file, the folder holds definitions, or the
   *     corrections do not fit
   * @throws DefinitionException if it is broken, with the path to the place
   */
  Definition load() {
    return load(options -> Definition.load(folder, options));
  }

  /** Loads it under an id; see {@link #load()}. */
  Definition load(ConnectorId id) {
    return load(options -> Definition.load(folder, id, options));
  }

  private Definition load(Function<LoadOptions, Definition> loader) {
    requireFolder(folder);
    LoadOptions options = options();
    try {
      return loader.apply(options);
    } catch (DefinitionException e) {
      requireFittingOverlay(e);
      requireOneDefinition();
      throw BrokenDefinition.located(folder, e);
    }
  }

  /** Refuses the corrections if a problem is theirs and not the definition's. */
  void requireFittingOverlay(DefinitionException problem) {
    if (overlay != null && problem.file().equals(String.valueOf(overlay.getFileName()))) {
      throw wrong(overlay, problem);
    }
  }

  private void requireOneDefinition() {
    DefinitionCatalogue.load(folder).entries().stream()
        .map(DefinitionCatalogue.Entry::folder)
        .filter(one -> !one.equals(folder))
        .findFirst()
        .ifPresent(
            one -> {
              throw new UsageException(
                  folder + " is a folder of definitions; name one of them, such as " + one);
            });
  }

  static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("no such folder: " + folder);
    }
  }

  LoadOptions options() {
    Overlay corrections = overlay == null ? Overlay.none() : read(overlay);
    if (baseUrl != null) {
      try {
        corrections = corrections.baseUrl(baseUrl.replaceFirst("/+$", ""));
      } catch (DefinitionException e) {
        throw new UsageException("--base-url must be an http or https URL without user and query");
      }
    }
    return LoadOptions.standard().overlay(corrections);
  }

  private static Overlay read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("no such file: " + file);
    }
    try {
      return Overlay.load(file);
    } catch (DefinitionException e) {
      throw wrong(file, e);
    }
  }

  private static UsageException wrong(Path overlay, DefinitionException problem) {
    return new UsageException(
        BrokenDefinition.at(overlay, problem) + ": " + BrokenDefinition.what(problem));
  }
}
