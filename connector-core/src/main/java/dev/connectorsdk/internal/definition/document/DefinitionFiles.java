package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of one definition.
 *
 * @param directory its name, for messages
 * @param swagger the OpenAPI document
 * @param properties connection parameters and policies
 * @param script the script, or {@code null} if there is none
 */
public record DefinitionFiles(
    String directory, Path swagger, Path properties, @Nullable Path script) {

  private static final int LIMIT = 5 * 1024 * 1024;
  private static final String SWAGGER = "apiDefinition.swagger.json";
  private static final String PROPERTIES = "apiProperties.json";
  private static final String LOWER_PROPERTIES = "apiproperties.json";

  /** Returns what files would be called that are not there, for messages. */
  public static DefinitionFiles named(String directory, boolean scripted) {
    return new DefinitionFiles(
        directory, Path.of(SWAGGER), Path.of(PROPERTIES), scripted ? Path.of("script.csx") : null);
  }

  /**
   * Finds the files. Only names are looked at.
   *
   * @throws DefinitionException if one is missing or there is a choice
   */
  public static DefinitionFiles in(Path directory) {
    String name = nameOf(directory);
    List<Path> files;
    try (Stream<Path> entries = Files.list(directory)) {
      files = entries.sorted().toList();
    } catch (IOException e) {
      throw new DefinitionException(name, 0, 0, "cannot be read as a folder");
    }
    Path properties = find(files, LOWER_PROPERTIES);
    if (properties == null) {
      throw new DefinitionException(name, 0, 0, "has no " + PROPERTIES);
    }
    return new DefinitionFiles(name, swagger(name, files), properties, script(files));
  }

  /** Returns whether a file is named like the document or the properties of a definition. */
  public static boolean isNamedLikeOne(Path file) {
    return lowerName(file).equals(LOWER_PROPERTIES) || isNamedLikeSwagger(file);
  }

  private static boolean isNamedLikeSwagger(Path file) {
    return lowerName(file).endsWith(".json") && lowerName(file).contains("swagger");
  }

  private static Path swagger(String directory, List<Path> files) {
    Path standard = find(files, "apidefinition.swagger.json");
    if (standard != null) {
      return standard;
    }
    List<Path> candidates = files.stream().filter(DefinitionFiles::isNamedLikeSwagger).toList();
    if (candidates.size() != 1) {
      throw new DefinitionException(
          directory,
          0,
          0,
          candidates.isEmpty() ? "has no " + SWAGGER : "has several files named like " + SWAGGER);
    }
    return candidates.get(0);
  }

  private static @Nullable Path script(List<Path> files) {
    return files.stream()
        .filter(f -> lowerName(f).endsWith(".csx") || lowerName(f).equals("script.cs"))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable Path find(List<Path> files, String lowerName) {
    return files.stream().filter(f -> lowerName(f).equals(lowerName)).findFirst().orElse(null);
  }

  private static String lowerName(Path file) {
    return Lookup.lower(String.valueOf(file.getFileName()));
  }

  /** Returns the name of the folder itself, also of {@code .}. */
  public static String nameOf(Path directory) {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString();
  }

  public String swaggerName() {
    return String.valueOf(swagger.getFileName());
  }

  public String propertiesName() {
    return String.valueOf(properties.getFileName());
  }

  /**
   * Reads both files.
   *
   * @throws DefinitionException if one is too large or cannot be read
   */
  public DefinitionContent read() {
    return new DefinitionContent(read(swagger), read(properties));
  }

  /**
   * Reads one of the files.
   *
   * @throws DefinitionException if it is too large or cannot be read
   */
  static byte[] read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return limited(name, WholeFile.read(file, LIMIT));
    } catch (IOException e) {
      throw new DefinitionException(name, 0, 0, "cannot be read");
    }
  }

  private static byte[] limited(String name, byte[] content) {
    if (content.length > LIMIT) {
      throw new DefinitionException(name, 0, 0, "is larger than 5 MiB");
    }
    return content;
  }

  /**
   * Returns what the files would hold.
   *
   * @throws DefinitionException if one would be too large
   */
  public DefinitionContent content(String swagger, String properties) {
    return new DefinitionContent(
        limited(swaggerName(), swagger.getBytes(StandardCharsets.UTF_8)),
        limited(propertiesName(), properties.getBytes(StandardCharsets.UTF_8)));
  }
}
