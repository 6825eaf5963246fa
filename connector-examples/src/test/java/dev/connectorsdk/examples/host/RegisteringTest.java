package dev.connectorsdk.examples.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.definition.Definitions.Saved;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RegisteringTest {

  private static final Administrator DEE = Administrator.of(Principal.user("dee"), "dev");
  private static final Path ROOMS = Path.of("src/main/resources/definitions/rooms");

  @Test
  void whatIsConfirmedIsThereAtOnce() {
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().storedDefinitions().build()) {
      Registering.register(runtime, DEE, ROOMS, 0, preview -> false);
      assertThat(runtime.definitions().list(DEE, null, 10)).isEmpty();

      Registering.register(runtime, DEE, ROOMS, 0, preview -> preview.moved().isEmpty());

      assertThat(runtime.definitions().list(DEE, null, 10))
          .extracting(Saved::connector)
          .containsExactly(ConnectorId.of("rooms"));
      assertThat(runtime.connectors(Principal.user("ada").in("dev"))).hasSize(1);
    }
  }
}
