package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.LoadOptions;
import dev.connectorsdk.definition.Overlay;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * @throws UsageException if there is no such folder or file
   */
  Definition load() {
    requireFolder(folder);
    return Definition.load(folder, options());
  }

  /** Loads it under an id. */
  Definition load(ConnectorId id) {
    requireFolder(folder);
    return Definition.load(folder, id, options());
  }

  static void requireFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException("no such folder: " + folder);
    }
  }

  LoadOptions options() {
    Overlay corrections = overlay == null ? Overlay.none() : read(overlay);
    if (baseUrl != null) {
      if (!baseUrl.matches("https?://[^\\s?#]+")) {
        throw new UsageException(
            "--base-url must be an http or https URL without query: " + baseUrl);
      }
      corrections = corrections.baseUrl(baseUrl.replaceFirst("/+$", ""));
    }
    return LoadOptions.standard().overlay(corrections);
  }

  private static Overlay read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("no such file: " + file);
    }
    return Overlay.load(file);
  }
}
