package dev.connectorsdk.internal.gateway.agent;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import dev.connectorsdk.internal.gateway.line.Wire;
import dev.connectorsdk.internal.gateway.relay.HostLine;
import dev.connectorsdk.internal.gateway.relay.LineDirectory;
import dev.connectorsdk.internal.gateway.relay.LineFacts;
import dev.connectorsdk.internal.gateway.relay.LineMember;
import dev.connectorsdk.internal.gateway.relay.Peer;
import dev.connectorsdk.internal.gateway.relay.Relay;
import dev.connectorsdk.internal.gateway.relay.RelaySettings;
import dev.connectorsdk.internal.gateway.seal.Prepared;
import dev.connectorsdk.internal.http.CallBudget;
import dev.connectorsdk.internal.http.Destinations;
import dev.connectorsdk.internal.http.Endpoint;
import dev.connectorsdk.internal.http.RelayedExchanges;
import dev.connectorsdk.internal.http.ServiceUrl;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.http.Transports;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.StringNode;

/** A host with a relay, members that dial it over real WebSockets, and calls through them. */
final class GatewayWorld implements AutoCloseable {

  static final String GATEWAY = "plant";
  static final SealedAuth NO_CREDENTIALS = (request, auth, deadline) -> Prepared.plain(request);
  static final ConnectionId CONNECTION = ConnectionId.of("c1");
  static final Duration PING = Duration.ofMillis(500);
  static final int LOOKS_BETWEEN_CHALLENGES = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(200);

  final ExecutorService work = Executors.newCachedThreadPool();
  final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
  final JsonMapper mapper = JsonMapper.shared();
  final Directory directory = new Directory();
  final Relay relay;
  final MockWebServer server = new MockWebServer();
  final Cable cable;
  final Transport transport = transport(Dns.SYSTEM);

  /** How requests to services ended that failed. */
  final List<ConnectorException> failures = new CopyOnWriteArrayList<>();

  private final List<Member> toClose = new ArrayList<>();

  GatewayWorld() throws IOException {
    relay = relay(directory);
    server.setDispatcher(new Upgrades(relay));
    server.start();
    cable = new Cable(server.getPort());
  }

  Relay relay(LineDirectory of) {
    return new Relay(
        of,
        new RelaySettings(
            line(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            LOOK.multipliedBy(LOOKS_BETWEEN_CHALLENGES),
            LOOK,
            PATIENCE,
            mapper,
            Clock.systemUTC(),
            new SecureRandom()));
  }

  private LineSettings line() {
    return new LineSettings(PING, 100, System::nanoTime, work, timer);
  }

  private final class Observed implements Observations {

    @Override
    public Sending send(ConnectorId connector, Request request, boolean forToken) {
      return new Sending() {
        @Override
        public Request request() {
          return request;
        }

        @Override
        public void end(@Nullable ConnectorException failure) {
          if (failure != null) {
            failures.add(failure);
          }
        }
      };
    }
  }

  /** Returns a transport that knows the names of the inside network; whoever asks closes it. */
  Transport inside() {
    return transport(GatewayWorld::insideNames);
  }

  private Transport transport(Dns names) {
    return Transports.of(
        new OkHttpClient.Builder().dns(names).build(), Clock.systemUTC(), new Observed());
  }

  /** Names that only the inside network knows. */
  private static List<InetAddress> insideNames(String name) throws UnknownHostException {
    return name.endsWith(".inside.test")
        ? List.of(InetAddress.getLoopbackAddress())
        : Dns.SYSTEM.lookup(name);
  }

  AgentSettings settings(String member, ECKey key, int port) {
    return new AgentSettings(
        HttpUrl.get("http://localhost:" + port + "/gateway"),
        new OkHttpClient(),
        new AgentSettings.Identity(GATEWAY, member, key, "1.0", "process-" + System.nanoTime()),
        line(),
        mapper,
        Clock.systemUTC(),
        new SecureRandom());
  }

  /** A member of the gateway, running. */
  final class Member implements AutoCloseable {

    final ECKey key;
    final Agent agent;
    final BlockingQueue<LineRefused> refused = new LinkedBlockingQueue<>();
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Transport inside = transport(GatewayWorld::insideNames);

    Member(String id, ECKey key, SealedAuth auth, List<String> origins, int port) {
      this.key = key;
      Errands errands =
          new Errands(
              AllowedOrigins.of(origins, told::add),
              auth,
              new RelayedExchanges(inside),
              mapper,
              Clock.systemUTC());
      agent = new Agent(settings(id, key, port), errands, told::add);
      toClose.add(this);
    }

    Member start() {
      work.execute(
          () -> {
            try {
              agent.run();
            } catch (LineRefused e) {
              refused.add(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      return this;
    }

    @Override
    public void close() {
      agent.close();
      inside.close();
    }
  }

  static ECKey key() {
    try {
      return new ECKeyGenerator(Curve.P_256).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts a member that may go to these origins, and waits for its line. */
  Member member(String id, String... origins) throws InterruptedException {
    return member(id, NO_CREDENTIALS, origins);
  }

  Member member(String id, SealedAuth auth, String... origins) throws InterruptedException {
    ECKey key = key();
    directory.add(id, key);
    Member member = new Member(id, key, auth, List.of(origins), cable.port()).start();
    directory.awaitOpened(id);
    return member;
  }

  /** Returns calls of a connection whose service is at an address that only members reach. */
  ConnectorHttp http(String serviceUrl, Effect effect) {
    return http(serviceUrl, effect, Duration.ofSeconds(20));
  }

  ConnectorHttp http(String serviceUrl, Effect effect, Duration timeout) {
    return http(relay, serviceUrl, effect, timeout);
  }

  ConnectorHttp http(Relay relay, String serviceUrl, Effect effect, Duration timeout) {
    Endpoint endpoint =
        new Endpoint(
            CONNECTION,
            ConnectorId.of("erp"),
            Destinations.of(new ServiceUrl(HttpUrl.get(serviceUrl), true, false), List.of()),
            null,
            transport.clientsBy(relay.through(GATEWAY), CONNECTION),
            null,
            (url, caller) -> {});
    return transport.open(endpoint, new CallBudget(Clock.systemUTC(), timeout, effect, null, null));
  }

  @Override
  public void close() throws IOException {
    for (Member one : toClose) {
      one.close();
    }
    relay.close();
    cable.close();
    server.close();
    transport.close();
    work.shutdownNow();
    timer.shutdownNow();
  }

  /** OkHttp cannot cancel a socket that it has not opened itself. */
  private static final class ServerWire implements Wire {

    private final WebSocket socket;
    private final OkHttpWire sending;

    ServerWire(WebSocket socket) {
      this.socket = socket;
      this.sending = new OkHttpWire(socket);
    }

    @Override
    public boolean isFree() {
      return sending.isFree();
    }

    @Override
    public void send(ByteString message) throws IOException {
      sending.send(message);
    }

    @Override
    public void close() {
      sending.close();
    }

    @Override
    public void cancel() {
      socket.close(1001, null);
    }
  }

  /** Hands sockets to a relay, as a web server does. */
  static final class Upgrades extends Dispatcher {

    private final Relay relay;

    Upgrades(Relay relay) {
      this.relay = relay;
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      return new MockResponse.Builder().webSocketUpgrade(new Socket()).build();
    }

    private final class Socket extends WebSocketListener {

      private @Nullable HostLine line;

      @Override
      public void onOpen(WebSocket socket, Response response) {
        line = relay.accept(new ServerWire(socket), "test");
      }

      @Override
      public void onMessage(WebSocket socket, ByteString message) {
        Objects.requireNonNull(line).receive(message);
      }

      @Override
      public void onClosing(WebSocket socket, int code, String reason) {
        Objects.requireNonNull(line).lost("closed by the member");
      }

      @Override
      public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
        if (line != null) {
          line.lost(failure.toString());
        }
      }
    }
  }

  /** Who may hold lines, in memory. */
  static final class Directory implements LineDirectory {

    final Map<String, LineMember> members = new ConcurrentHashMap<>();
    final Map<String, LineFacts> held = new ConcurrentHashMap<>();
    final BlockingQueue<String> opened = new LinkedBlockingQueue<>();
    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    final BlockingQueue<String> copied = new LinkedBlockingQueue<>();
    final BlockingQueue<String> alive = new LinkedBlockingQueue<>();
    final Set<String> nodes = ConcurrentHashMap.newKeySet();
    volatile Standing standing = Standing.GOES_ON;
    volatile @Nullable String holder;
    private final String node;

    Directory() {
      this("node-1");
    }

    Directory(String node) {
      this.node = node;
      nodes.add(node);
    }

    void add(String id, ECKey key) {
      add(new LineMember(GATEWAY, id, key.toPublicJWK(), members.size(), false, true));
    }

    void add(LineMember member) {
      members.put(member.id(), member);
    }

    void awaitOpened(String id) throws InterruptedException {
      while (!id.equals(opened.poll(30, TimeUnit.SECONDS))) {
        if (opened.isEmpty()) {
          throw new AssertionError("no line of " + id);
        }
      }
    }

    @Override
    public String node() {
      return node;
    }

    @Override
    public Set<String> nodes() {
      return Set.copyOf(nodes);
    }

    @Override
    public Optional<LineMember> member(String gateway, String member) {
      return gateway.equals(GATEWAY) ? Optional.ofNullable(members.get(member)) : Optional.empty();
    }

    @Override
    public boolean hasMembers(String gateway) {
      return gateway.equals(GATEWAY) && !members.isEmpty();
    }

    @Override
    public JsonNode control(Peer peer, String method, JsonNode arguments) {
      if (!method.equals("echo")) {
        throw new IllegalArgumentException("There is no question '" + method + "'");
      }
      return StringNode.valueOf(
          (peer.member() == null ? "nobody" : peer.member().id()) + " " + arguments.asString(""));
    }

    @Override
    public void opened(LineMember member, LineFacts facts) {
      held.put(member.id(), facts);
      opened.add(member.id());
    }

    @Override
    public Optional<String> holder(LineMember member, LineFacts facts) {
      return Optional.ofNullable(holder);
    }

    @Override
    public void copied(LineMember member, String address) {
      copied.add(address);
    }

    @Override
    public Standing seen(LineMember member, LineFacts facts) {
      held.put(member.id(), facts);
      seen.add(member.id());
      return standing;
    }

    @Override
    public void alive(LineMember member, LineFacts facts) {
      alive.add(member.id());
    }

    @Override
    public void look() {
      // Nobody is missed.
    }

    @Override
    public void endUnpermitted() {
      // Everybody is permitted.
    }

    @Override
    public void closed(LineMember member, LineFacts facts, String why) {
      closed.add(why);
    }
  }
}
