package dev.connectorsdk.definition;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.internal.definition.document.DefinitionContent;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A connector that is data, as text: what {@link Definitions} keep.
 *
 * @param connector the id of the connector
 * @param swagger the text of {@code apiDefinition.swagger.json}
 * @param properties the text of {@code apiProperties.json}
 * @param overlay corrections as JSON, in the form of {@link Overlay}; {@code null} for those of the
 *     host's load options
 * @param scripted whether there is a script beside the two files; without a port of it, what it
 *     covers cannot be called
 */
public record DefinitionText(
    ConnectorId connector,
    String swagger,
    String properties,
    @Nullable String overlay,
    boolean scripted) {

  public DefinitionText {
    Objects.requireNonNull(connector, "connector");
    Objects.requireNonNull(swagger, "swagger");
    Objects.requireNonNull(properties, "properties");
  }

  /**
   * Returns a definition without corrections and script.
   *
   * @throws IllegalArgumentException if the first argument is no connector id
   */
  public static DefinitionText of(String connector, String swagger, String properties) {
    return new DefinitionText(ConnectorId.of(connector), swagger, properties, null, false);
  }

  /**
   * Reads a folder, as {@link Definition#load(Path)} does, but for files that are not UTF-8: they
   * are refused.
   *
   * @throws IllegalArgumentException if the first argument is no connector id
   * @throws DefinitionException if a file is missing, too large, cannot be read, or is not UTF-8,
   *     with the place
   */
  public static DefinitionText read(String connector, Path directory) {
    DefinitionFiles files = DefinitionFiles.in(directory);
    DefinitionContent content = files.read();
    return new DefinitionText(
        ConnectorId.of(connector),
        text(files.swaggerName(), content.swagger()),
        text(files.propertiesName(), content.properties()),
        null,
        files.script() != null);
  }

  private static String text(String file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    CharBuffer text = CharBuffer.allocate(content.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true).isError()) {
      String[] lines = text.flip().toString().split("\n", -1);
      int column = lines[lines.length - 1].length() + 1;
      throw new DefinitionException(file, lines.length, column, "is not UTF-8 here");
    }
    return text.flip().toString();
  }

  /** Returns a copy with corrections, which replace those of the host's load options. */
  public DefinitionText correctedBy(String overlay) {
    return new DefinitionText(connector, swagger, properties, overlay, scripted);
  }

  /** Returns the connector's id, without the texts. */
  @Override
  public String toString() {
    return "definition of '" + connector + "'";
  }
}
