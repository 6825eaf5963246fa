package dev.connectorsdk.definition;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A definition of the test's resources whose service is a server of the test. */
final class Desk {

  static final Caller ADA = Principal.user("ada").in("dev");
  static final Caller BOB = Principal.user("bob").in("dev");
  static final ConnectionReference DESK = ConnectionReference.invoker("desk", "desk");

  private Desk() {}

  /** Copies a folder, with another host. */
  static Path folder(String name, Path temp, int port) {
    try {
      Path from = Path.of("src/test/resources/definitions", name);
      Path to = Files.createDirectories(temp.resolve(name));
      Path swagger = from.resolve("apiDefinition.swagger.json");
      Files.writeString(
          to.resolve("apiDefinition.swagger.json"),
          Files.readString(swagger)
              .replace(name + ".example", "localhost:" + port)
              .replace("[\"https\"]", "[\"http\"]"));
      Files.copy(from.resolve("apiProperties.json"), to.resolve("apiProperties.json"));
      return to;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static ConnectorRuntime runtime(RuntimeBuilder builder, Path folder) {
    return builder.connector(Definition.load(folder, ConnectorId.of("desk")).connector()).build();
  }

  static void connect(ConnectorRuntime runtime, Caller caller, String key) {
    String option = runtime.connector(caller, "desk").authOptions().get(0).id();
    runtime
        .connections()
        .create(caller, ConnectionSpec.of("desk", option).secret("api_key", Secret.of(key)));
  }
}
