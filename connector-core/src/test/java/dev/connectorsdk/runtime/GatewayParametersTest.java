package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.ConnectionSpec;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Parameters of connections through a gateway alone, or of direct ones alone. */
class GatewayParametersTest {

  private static final Caller ADA = Principal.user("ada").in("prod");

  @AutoClose
  private final ConnectorRuntime runtime =
      ConnectorRuntime.builder()
          .connector(
              Connector.builder("erp", "https://erp.example")
                  .auth(AuthOption.none())
                  .parameter(ConnectionParameter.text("plant").onlyThroughGateway())
                  .parameter(ConnectionParameter.text("region").onlyDirect())
                  .build())
          .build();

  private final ConnectionSpec direct = ConnectionSpec.of("erp", "none");
  private final ConnectionSpec inside = direct.through("g1");

  private void refused(ConnectionSpec spec, String problem) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, spec))
        .withMessageContaining(problem);
  }

  @Test
  void aDirectConnectionIsAskedForWhatIsItsOwn() {
    refused(direct, "/region: is required");

    Connection connection = runtime.connections().create(ADA, direct.with("region", "eu"));

    assertThat(connection.status().isConnected()).isTrue();
    assertThat(runtime.connections().get(ADA, connection.id()).status().isConnected()).isTrue();
  }

  @Test
  void aConnectionThroughAGatewayIsAskedForWhatIsItsOwn() {
    refused(inside, "/plant: is required");

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(() -> runtime.connections().create(ADA, inside.with("plant", "3")))
        .withMessageContaining("No gateway 'g1'");
  }

  @Test
  void whatIsForTheOthersIsRefusedByName() {
    refused(
        direct.with("region", "eu").with("plant", "3"),
        "/plant: is only for connections through a gateway");
    refused(
        inside.with("plant", "3").with("region", "eu"),
        "/region: is only for connections that lead through no gateway");
  }
}
