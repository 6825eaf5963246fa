package dev.connectorsdk.runtime;

import com.nimbusds.jose.jwk.ECKey;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.gateway.GatewayAgent;
import dev.connectorsdk.internal.gateway.agent.AgentSettings;
import dev.connectorsdk.internal.gateway.agent.ControlLine;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.seal.MemberFolder;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Members of a gateway of a runtime, which dial it over WebSockets and know names of their own. */
final class InsideNetwork implements AutoCloseable {

  private final ConnectorRuntime runtime;
  private final Path folder;
  private final GatewayServer host;
  private final ExecutorService work = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final List<GatewayAgent> agents = new ArrayList<>();
  final List<Secret> recoveryKeys = new ArrayList<>();

  InsideNetwork(ConnectorRuntime runtime, Path folder) throws IOException {
    this.runtime = runtime;
    this.folder = folder;
    this.host = new GatewayServer(runtime.gateways().endpoint());
  }

  /** Returns an agent that may go to these origins alone. */
  GatewayAgent agent(String name, String... origins) {
    return agent(name, new OkHttpClient(), origins);
  }

  /**
   * Returns an agent that may go to these origins alone.
   *
   * @param trust what it trusts inside
   */
  GatewayAgent agent(String name, OkHttpClient trust, String... origins) {
    return agent(name, trust, news -> {}, origins);
  }

  /** Returns an agent that may go to these origins alone, and that tells its news. */
  GatewayAgent agent(String name, Consumer<String> people, String... origins) {
    return agent(name, new OkHttpClient(), people, origins);
  }

  private GatewayAgent agent(
      String name, OkHttpClient trust, Consumer<String> people, String... origins) {
    GatewayAgent.Builder builder =
        GatewayAgent.builder("ws://localhost:" + host.port() + "/gateway", folder.resolve(name))
            .telling(people)
            .calling(
                trust
                    .newBuilder()
                    .dns(inside -> List.of(InetAddress.getLoopbackAddress()))
                    .build());
    for (String origin : origins) {
      builder.allowing(origin);
    }
    GatewayAgent agent = builder.build();
    agents.add(agent);
    return agent;
  }

  /** Registers an agent. */
  void register(GatewayAgent agent, Caller admin, String gateway, @Nullable String sealingKey) {
    agent.register(runtime.gateways().registrationCode(admin, gateway), "member", sealingKey);
  }

  GatewayAgent.State refresh(GatewayAgent agent) {
    return agent.refresh(recoveryKeys::add);
  }

  /** Returns a line on which a member asks whatever it likes. */
  ControlLine control(String name, String gateway, String member)
      throws IOException, InterruptedException {
    ECKey key = MemberKeys.loadOrCreate(new MemberFolder(folder.resolve(name))).identity();
    return ControlLine.dial(
        new AgentSettings(
            HttpUrl.get("http://localhost:" + host.port() + "/gateway"),
            new OkHttpClient(),
            new AgentSettings.Identity(gateway, member, key, "1", "rogue"),
            new LineSettings(Duration.ofSeconds(10), 1, System::nanoTime, work, timer),
            JsonMapper.shared(),
            Clock.systemUTC(),
            new SecureRandom()),
        Purpose.CONTROL);
  }

  /** Has an agent carry requests. */
  void start(GatewayAgent agent) {
    work.execute(
        () -> {
          try {
            agent.run();
          } catch (IOException e) {
            // What the host then does without it is what tests look at.
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  @Override
  public void close() {
    agents.forEach(GatewayAgent::close);
    host.close();
    work.shutdownNow();
    timer.shutdownNow();
  }
}
