package dev.connectorsdk.internal.gateway;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.gateway.Gateways;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.cache.MadeOnce;
import dev.connectorsdk.internal.connection.GatewayAccess;
import dev.connectorsdk.internal.connection.SealedRows;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.gateway.line.GatewayAuth;
import dev.connectorsdk.internal.gateway.relay.LineDirectory;
import dev.connectorsdk.internal.gateway.relay.Relay;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.http.Redirects;
import dev.connectorsdk.internal.sharing.Groups;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateways of a runtime. All of it is made when somebody needs it, since most hosts have none;
 * the relay, when a member comes. Safe for several threads.
 */
public final class GatewayModule implements GatewayAccess {

  /** What is under way ends within 5 s after a membership; it is looked at every 2 s. */
  private static final Duration MEMBERSHIPS = Duration.ofSeconds(2);

  private final MadeOnce<Parts> parts;
  private final Function<LineDirectory, Relay> newRelay;
  private @Nullable Relay relay; // guarded by this
  private @Nullable SealedRows resealed;
  private Consumer<String> whilePresent = gateway -> {};

  /** For the runtime. */
  public GatewayModule(
      ConnectorStore store,
      Groups groups,
      EventHub events,
      Clock clock,
      RandomGenerator random,
      Sleeper sleeper,
      Executor work,
      Function<LineDirectory, Relay> newRelay) {
    this.parts =
        new MadeOnce<>(() -> new Parts(this, store, groups, events, clock, random, sleeper, work));
    this.newRelay = newRelay;
  }

  /** What is made together. */
  private static final class Parts {

    private final DefaultGateways gateways;
    private final HostLines lines;
    private final Passages passages;

    Parts(
        GatewayModule module,
        ConnectorStore store,
        Groups groups,
        EventHub events,
        Clock clock,
        RandomGenerator random,
        Sleeper sleeper,
        Executor work) {
      Auditor auditor = events.auditor();
      var stored = new StoredGateways(store.gateways(), clock);
      var presences = new Presences(store.gateways(), clock);
      var nodes = new Nodes(store.gateways(), clock, GatewayRecord.newId(random));
      var statuses = new Statuses(nodes, presences, clock);
      this.gateways =
          new DefaultGateways(
              stored,
              groups,
              auditor,
              clock,
              random,
              statuses,
              () -> new RelayEndpoint(module.relay()));
      var enrolment = new Enrolment(stored, statuses, auditor, clock, random);
      if (module.resealed != null) {
        enrolment.resealing(module.resealed);
      }
      var present = new PresentGateways(nodes, work, clock);
      present.whilePresent(module.whilePresent);
      this.passages = new Passages(gateways::isKeptFrom, work);
      this.lines =
          new HostLines(
              stored,
              enrolment,
              nodes,
              new KeyUse(presences, nodes, clock, sleeper),
              new Attendance(stored, presences, nodes, events, clock),
              present,
              passages);
    }
  }

  /** Returns how long an answer of who is in a group holds here. */
  public static Duration memberships(Duration freshness) {
    return freshness.compareTo(MEMBERSHIPS) < 0 ? freshness : MEMBERSHIPS;
  }

  /** Returns what hosts use. */
  public Gateways gateways() {
    return parts.get().gateways;
  }

  /**
   * Has members seal the secrets of these connections again when their gateway has another key. For
   * the runtime, before anybody needs a gateway.
   */
  public void resealing(SealedRows connections) {
    resealed = connections;
  }

  private synchronized Relay relay() {
    Relay known = relay;
    if (known == null) {
      known = newRelay.apply(parts.get().lines);
      relay = known;
    }
    return known;
  }

  @Override
  public SealingKey sealingKey(Caller caller, String gateway) {
    return parts.get().gateways.sealingKey(caller, gateway);
  }

  @Override
  public boolean mayUse(Caller caller, String gateway) {
    return parts.get().gateways.mayUse(caller, gateway);
  }

  /**
   * Has something done for a gateway, by another thread, when a member of it has come, and every
   * half minute while one is there. For the runtime, before anybody needs a gateway.
   *
   * @param then is given the id of the gateway; not called again for it before it has returned
   */
  public void whilePresent(Consumer<String> then) {
    whilePresent = then;
  }

  @Override
  public void requirePermitted(Through through) {
    parts.get().passages.requirePermitted(through);
  }

  @Override
  public UnaryOperator<OkHttpClient> way(Through through, Collection<String> sealed) {
    GatewayAuth with = auth(through.connection(), sealed);
    GatewayAuth without = auth(through.connection(), List.of());
    return template -> {
      OkHttpClient tagging =
          template
              .newBuilder()
              .addInterceptor(
                  chain ->
                      parts
                          .get()
                          .passages
                          .pass(through, chain, tagged(chain.request(), with, without)))
              .build();
      return relay().through(through.gateway()).apply(tagging);
    };
  }

  private static GatewayAuth auth(ConnectionId connection, Collection<String> sealed) {
    ObjectNode auth = JsonNodeFactory.instance.objectNode().put("connection", connection.value());
    sealed.forEach(auth.withArray("/sealed")::add);
    return new GatewayAuth(connection.value(), auth);
  }

  /** A credential goes to the origin that was asked, not to where an answer points. */
  private static Request tagged(Request request, GatewayAuth with, GatewayAuth without) {
    GatewayAuth auth = Redirects.isElsewhere(request) ? without : with;
    return request.newBuilder().tag(GatewayAuth.class, auth).build();
  }

  /** Ends all lines, and what is under way on them. */
  public void close() {
    Relay known;
    synchronized (this) {
      known = relay;
    }
    if (known != null) {
      known.close();
      parts.get().lines.leave();
    }
  }
}
