package dev.connectorsdk.examples.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.definition.Definition;
import dev.connectorsdk.definition.DefinitionText;
import dev.connectorsdk.definition.LoadOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The house with rooms: a connector without code. */
final class DemoRooms {

  private DemoRooms() {}

  /** Returns the connector, whose definition then names this port of this machine. */
  static Connector connector(int port) throws IOException {
    String swagger =
        resource("apiDefinition.swagger.json").replace("localhost:8080", "127.0.0.1:" + port);
    return Definition.load(
            DefinitionText.of("rooms", swagger, resource("apiProperties.json")),
            LoadOptions.standard())
        .connector();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DemoRooms.class.getResourceAsStream("/definitions/rooms/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }
}
