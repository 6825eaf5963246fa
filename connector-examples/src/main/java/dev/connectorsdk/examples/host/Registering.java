package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.definition.DefinitionPreview;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.util.function.Predicate;

/** A host whose administrators register connectors while it runs. */
final class Registering {

  private Registering() {}

  // tag::registering[]
  /**
   * Registers a connector, or replaces it, once somebody has seen what that does.
   *
   * @param replaced the version that is there, 0 if none is
   */
  static void register(
      ConnectorRuntime runtime,
      Administrator administrator,
      Path folder,
      long replaced,
      Predicate<DefinitionPreview> confirmed) {
    DefinitionText rooms = DefinitionText.read("rooms", folder);
    DefinitionPreview preview = runtime.definitions().preview(administrator, rooms, replaced);
    if (confirmed.test(preview)) { // shows preview.report() and preview.moved()
      runtime.definitions().save(administrator, preview);
    }
  }
  // end::registering[]
}
