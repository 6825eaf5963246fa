package dev.connectorsdk.definition;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.internal.definition.document.DefinitionFiles;
import dev.connectorsdk.internal.definition.document.DefinitionNames;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A connector that was loaded from a folder with {@code apiDefinition.swagger.json} and {@code
 * apiProperties.json}.
 *
 * <pre>{@code
 * Connector tickets = Definition.load(Path.of("connectors/tickets")).connector();
 * }</pre>
 *
 * <p>Immutable and safe for use by several threads. The files are read when it is loaded, and never
 * again; what they say of an operation is looked at when the operation is first described or
 * called.
 */
public final class Definition {

  private final DefinitionReader reader;
  private volatile @Nullable Connector connector;
  private volatile @Nullable DefinitionReport report;

  Definition(DefinitionReader reader) {
    this.reader = reader;
  }

  /** Returns about how many bytes of the heap it takes. */
  long weight() {
    return reader.weight();
  }

  /**
   * Loads a folder. The connector's id is the folder's name, in which characters that an id may not
   * have become dashes.
   *
   * @throws DefinitionException if a file is missing, too large, too complex, not readable as JSON,
   *     no OpenAPI 2.0 document, or refers to anything outside itself
   */
  public static Definition load(Path directory) {
    return load(directory, LoadOptions.standard());
  }

  /**
   * Loads a folder with settings of the host.
   *
   * @throws DefinitionException as {@link #load(Path)} does, and if an overlay does not fit
   */
  public static Definition load(Path directory, LoadOptions options) {
    return load(directory, idOf(directory), options);
  }

  /** Returns the id of a definition that was given none. */
  static ConnectorId idOf(Path directory) {
    return ConnectorId.of(
        DefinitionNames.sanitised(DefinitionFiles.nameOf(directory), "connector"));
  }

  /**
   * Loads a folder under an id that the host chooses.
   *
   * @throws DefinitionException as {@link #load(Path)} does
   */
  public static Definition load(Path directory, ConnectorId id) {
    return load(directory, id, LoadOptions.standard());
  }

  /**
   * Loads a folder with settings of the host, under an id that the host chooses.
   *
   * @throws DefinitionException as {@link #load(Path, LoadOptions)} does
   */
  public static Definition load(Path directory, ConnectorId id, LoadOptions options) {
    DefinitionFiles files = DefinitionFiles.in(directory);
    return DefinitionReader.read(files, files.read(), id, options);
  }

  /**
   * Loads a definition from its text, with settings of the host.
   *
   * @throws DefinitionException as {@link #load(Path, LoadOptions)} does
   */
  public static Definition load(DefinitionText text, LoadOptions options) {
    String overlay = text.overlay();
    DefinitionFiles files = DefinitionFiles.named(text.connector().value(), text.scripted());
    return DefinitionReader.read(
        files,
        files.content(text.swagger(), text.properties()),
        text.connector(),
        overlay == null ? options : options.overlay(Overlay.of(overlay)));
  }

  /**
   * Returns the connector. Its actions take and return JSON. Operations that are not supported are
   * among them; they throw {@link dev.connectorsdk.api.error.OperationUnsupportedException} and
   * send nothing. So do triggers that are not supported. It is made at the first call.
   */
  public Connector connector() {
    Connector made = connector;
    return made == null ? made() : made;
  }

  private synchronized Connector made() {
    Connector made = connector;
    if (made == null) {
      made = reader.connector();
      connector = made;
    }
    return made;
  }

  /**
   * Returns what of the definition can be used, and what cannot and why. The first time it reads
   * all operations.
   */
  public DefinitionReport report() {
    DefinitionReport made = report;
    if (made == null) {
      made = reader.report();
      report = made;
    }
    return made;
  }

  @Override
  public String toString() {
    return reader.id() + " " + reader.version();
  }
}
