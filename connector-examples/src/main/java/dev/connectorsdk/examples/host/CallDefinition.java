package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A connector that is a folder with two files, called without a line of connector code. */
final class CallDefinition {

  private CallDefinition() {}

  static JsonNode freeRooms(Path folder, Caller ada, ConnectionSpec spec) {
    // tag::definition[]
    var rooms = Definition.load(folder).connector();
    try (var runtime = ConnectorRuntime.builder().connector(rooms).build()) {
      runtime.connections().create(ada, spec);
      var reference = ConnectionReference.invoker("rooms", "rooms");
      return runtime.invoke(ada, reference, "FindRooms", Map.of("floor", 2));
    }
    // end::definition[]
  }
}
