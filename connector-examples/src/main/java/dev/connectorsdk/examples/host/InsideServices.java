package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.connection.SealRequest;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A service that only an inside network reaches. */
final class InsideServices {

  private InsideServices() {}

  // tag::gateway[]
  static Secret prepare(ConnectorRuntime runtime, Administrator administrator, Caller same) {
    Gateway plant = runtime.gateways().create(administrator, "Plant 3");
    return runtime.gateways().registrationCode(same, plant.id());
  }

  // end::gateway[]

  // tag::agent[]
  static void carry(Path folder, Secret code, PrintStream out)
      throws IOException, InterruptedException {
    try (GatewayAgent agent =
        GatewayAgent.builder("https://host.example/gateway", folder)
            .allowing("http://erp.inside.example:8080")
            .build()) {
      Consumer<Secret> recoveryKey =
          key -> out.println("Write down the recovery key: " + key.reveal());
      if (agent.refresh(recoveryKey) == GatewayAgent.State.UNREGISTERED) {
        agent.register(code, "basement", null);
        agent.refresh(recoveryKey);
      }
      out.println("Secrets are sealed with " + agent.sealingKey().orElseThrow());
      agent.run();
    }
  }

  // end::agent[]

  // tag::status[]
  static void tell(ConnectorRuntime runtime, Caller admin, String gateway, PrintStream out) {
    for (GatewayStatus.Member member : runtime.gateways().status(admin, gateway).members()) {
      out.println(
          member.isConnected()
              ? member.name() + " has " + member.lines().size() + " lines"
              : member.name() + " was seen last: " + member.lastSeen());
    }
  }

  // end::status[]

  // tag::sealed[]
  static Connection connect(
      ConnectorRuntime runtime, Caller owner, String gateway, String expected, Secret entered) {
    ConnectionSpec spec = ConnectionSpec.of("erp", "apiKey").through(gateway);
    SealRequest request = runtime.connections().sealRequest(owner, spec);
    if (!request.fingerprint().equals(expected)) {
      throw new IllegalStateException("This is not the key that a member of the gateway shows");
    }
    Map<String, String> sealed = Map.of("api_key", request.seal("api_key", entered));
    return runtime.connections().create(owner, spec.sealed(request, sealed));
  }

  // end::sealed[]

  // tag::sealed-by-a-page[]
  /** What a page sends: the request that it was given, and a JWE of each secret. */
  record Entered(SealRequest request, Map<String, String> sealed) {}

  static Connection connect(
      ConnectorRuntime runtime, Caller owner, ConnectionSpec spec, Entered entered) {
    return runtime.connections().create(owner, spec.sealed(entered.request(), entered.sealed()));
  }
  // end::sealed-by-a-page[]
}
