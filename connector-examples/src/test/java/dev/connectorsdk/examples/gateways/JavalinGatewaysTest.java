package dev.connectorsdk.examples.gateways;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.stubFor;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.junit5.WireMockRuntimeInfo;
import com.github.tomakehurst.wiremock.junit5.WireMockTest;
import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.fixtures.LocalServer;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A host that takes its gateways' members in with Javalin. */
@WireMockTest
@Timeout(60)
class JavalinGatewaysTest {

  private static final Caller ADA = Principal.user("ada").in("prod");
  private static final ConnectionReference ORDERS = ConnectionReference.invoker("erp", "erp");

  record Order(int number) {}

  record Answer(String text) {}

  private static final Action<Order, Answer> READ =
      Action.builder("read", Effect.READ, Order.class, Answer.class)
          .run(
              (order, call) ->
                  call.http().get("/orders/{id}", order.number()).send().as(Answer.class));

  @Test
  void aServiceThatOnlyTheMemberCallsAnswersTheHost(
      WireMockRuntimeInfo service, @TempDir Path folder) throws Exception {
    String large = "x".repeat(1_000_000);
    stubFor(
        get("/orders/7")
            .withHeader("X-Api-Key", equalTo("k3y"))
            .willReturn(okJson("{\"text\":\"" + large + "\"}")));
    Connector erp =
        Connector.builder("erp", service.getHttpBaseUrl())
            .auth(AuthOption.apiKeyHeader("X-Api-Key"))
            .action(READ)
            .build();
    Javalin app = Javalin.create().start("localhost", 0);
    try (ConnectorRuntime runtime = ConnectorRuntime.builder().connector(erp).build();
        GatewayAgent agent =
            GatewayAgent.builder("http://localhost:" + app.port() + "/gateway", folder)
                .allowing(service.getHttpBaseUrl())
                .build()) {
      new JavalinGateways(runtime.gateways().endpoint()).addTo(app);
      String gateway =
          runtime.gateways().create(Administrator.of(ADA.principal(), "prod"), "Plant 3").id();
      agent.register(runtime.gateways().registrationCode(ADA, gateway), "first", null);
      agent.refresh(recoveryKey -> {});
      run(agent);
      ConnectionSpec spec = ConnectionSpec.of("erp", "apiKey").through(gateway);
      var request = asAPageReturnsIt(runtime.connections().sealRequest(ADA, spec));
      var sealed = Map.of("api_key", request.seal("api_key", Secret.of("k3y")));
      runtime.connections().create(ADA, spec.sealed(request, sealed).untested());

      assertThat(runtime.invoke(ADA, ORDERS, READ, new Order(7)).text()).isEqualTo(large);
    } finally {
      app.stop();
    }
  }

  private static SealRequest asAPageReturnsIt(SealRequest request) {
    JsonMapper json = JsonMapper.shared();
    return json.readValue(json.writeValueAsString(request), SealRequest.class);
  }

  /** Runs a member until it is closed. */
  private static void run(GatewayAgent agent) {
    LocalServer.daemon(agent::run);
    while (agent.connected() == 0) {
      Thread.onSpinWait();
    }
  }
}
