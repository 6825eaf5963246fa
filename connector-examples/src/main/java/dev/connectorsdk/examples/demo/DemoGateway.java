package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.examples.gateways.JavalinGateways;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.Gateway.Role;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A gateway of the console's demo, with a member that runs in this process. */
final class DemoGateway implements AutoCloseable {

  private final Path folder;
  private final GatewayAgent member;

  private DemoGateway(Path folder, GatewayAgent member) {
    this.folder = folder;
    this.member = member;
  }

  /** Starts a gateway at a host that takes its members in at {@code /gateway}. */
  static DemoGateway start(ConnectorRuntime runtime, Javalin app, Caller root, Caller ada)
      throws IOException {
    new JavalinGateways(runtime.gateways().endpoint()).addTo(app);
    Administrator here = Administrator.of(root.principal(), root.environment());
    Gateway plant = runtime.gateways().create(here, "Plant 3");
    runtime.gateways().share(here, plant.id(), ada.principal(), Role.USER);
    Path folder = Files.createTempDirectory("connector-gateway");
    GatewayAgent member =
        GatewayAgent.builder("http://127.0.0.1:" + app.port() + "/gateway", folder)
            .allowing("http://erp.inside.example:8080")
            .build();
    member.register(runtime.gateways().registrationCode(root, plant.id()), "basement", null);
    member.refresh(recoveryKey -> {});
    Thread line = new Thread(() -> run(member), "demo-gateway");
    line.setDaemon(true);
    line.start();
    return new DemoGateway(folder, member);
  }

  private static void run(GatewayAgent member) {
    try {
      member.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    member.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
