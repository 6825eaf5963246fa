package dev.connectorsdk.definition;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connectors that administrators register, replace and remove while the runtime runs. Safe for
 * use by several threads. All methods block, use the store, and throw {@link
 * dev.connectorsdk.api.error.StoreException} if that fails.
 *
 * <pre>{@code
 * DefinitionText desk = DefinitionText.read("desk", Path.of("connectors/desk"));
 * DefinitionPreview preview = runtime.definitions().preview(administrator, desk, 0);
 * // Show preview.report() and preview.moved(), and have them confirmed.
 * runtime.definitions().save(administrator, preview);
 * }</pre>
 *
 * <p>An administrator of an environment registers custom connectors there; one of the whole runtime
 * registers public ones, and custom ones with {@link Administrator#in}. None has the id of a
 * connector of the runtime's builder, no custom one that of a public one, and no public one that of
 * a custom one.
 *
 * <p>What is saved holds at once in this process, and in others that share the store, and have
 * {@code RuntimeBuilder.storedDefinitions} too, after the runtime's freshness at the latest. They
 * ask the store once in that time; while it cannot be read, calls of these connectors are refused,
 * and those of the builder's go on, except in flows that declare one of these, where there are data
 * policies. The connectors are kept in memory: many are better off in a {@link
 * DefinitionCatalogue}.
 *
 * <p>Calls that run end with the connector that they began with. One that begins in the moment in
 * which its connector is replaced may be refused with a {@link
 * dev.connectorsdk.api.error.ConflictException}, and can be repeated. Connections stay. While their
 * connector is missing they are shown as {@code ERROR} with the reason {@code CONNECTOR_MISSING},
 * and calls are refused; if it asks for a parameter that they do not have, with the reason {@code
 * CONFIGURATION}; of a secret one only calls say so. Subscriptions wait, with the reason, while
 * connector or trigger is missing, or the trigger is of another kind or does not take their
 * configuration, and go on when it is back.
 *
 * <p>Credentials stay where they were entered for: if another version sends them elsewhere, or in
 * another way, they are not used. The owner enters them again, by an update of the connection, and
 * signs in again.
 */
public interface Definitions {

  /**
   * A stored definition.
   *
   * @param environment in which it is a custom connector; {@code null} for a public one
   * @param version 1 for a new definition, and one more with each change; a removal is a change,
   *     too, so that what is saved after it has no version that was there before
   * @param problem why this process cannot use it, as when another version of this library saved
   *     it; {@code null} if it can
   */
  record Saved(
      @Nullable Environment environment,
      ConnectorId connector,
      long version,
      @Nullable String problem) {}

  /**
   * Shows what saving a definition does. Writes nothing.
   *
   * @param replaced the version that it is to replace, which somebody has seen; 0 for a new one
   * @throws dev.connectorsdk.api.error.DefinitionException if it cannot be used, as {@link
   *     Definition#load(java.nio.file.Path)} says
   * @throws dev.connectorsdk.api.error.ConflictException if the stored version is another
   * @throws IllegalArgumentException if the id is taken
   */
  DefinitionPreview preview(Administrator administrator, DefinitionText text, long replaced);

  /**
   * Saves what a preview has shown.
   *
   * @return the new version
   * @throws dev.connectorsdk.api.error.ConflictException if what it has shown has changed; nothing
   *     is saved
   * @throws dev.connectorsdk.api.error.DefinitionException as {@link #preview} does
   * @throws IllegalArgumentException if the id is taken, or a text is no well-formed Unicode
   */
  Saved save(Administrator administrator, DefinitionPreview preview);

  /**
   * Removes a definition. Its connections stay, and can be used again once it is back.
   *
   * @param version the stored version, which somebody has seen
   * @throws dev.connectorsdk.api.error.ConflictException if the stored version is another
   * @throws dev.connectorsdk.api.error.NotFoundException if there is none
   */
  void remove(Administrator administrator, ConnectorId connector, long version);

  /**
   * Returns a page of the definitions of the administrator's environment, or of all to an
   * administrator of the whole runtime, ordered by connector and then by environment, the public
   * one first.
   *
   * @param after the last one of the page before; {@code null} for the first page
   * @param limit how many at most, 1 or more
   */
  List<Saved> list(Administrator administrator, @Nullable Saved after, int limit);

  /**
   * Returns the text of a definition as it is stored now.
   *
   * @throws dev.connectorsdk.api.error.DefinitionException if another version of this library saved
   *     it in a form that this one cannot read
   */
  Optional<DefinitionText> find(Administrator administrator, ConnectorId connector);
}
