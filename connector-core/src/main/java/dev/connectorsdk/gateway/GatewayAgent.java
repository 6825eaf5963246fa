package dev.connectorsdk.gateway;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.gateway.agent.Agent;
import dev.connectorsdk.internal.gateway.agent.AgentSettings;
import dev.connectorsdk.internal.gateway.agent.AllowedOrigins;
import dev.connectorsdk.internal.gateway.agent.CompanyProxy;
import dev.connectorsdk.internal.gateway.agent.ControlLine;
import dev.connectorsdk.internal.gateway.agent.Errands;
import dev.connectorsdk.internal.gateway.agent.Trust;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import dev.connectorsdk.internal.gateway.line.Purpose;
import dev.connectorsdk.internal.gateway.seal.InsideRequests;
import dev.connectorsdk.internal.gateway.seal.MemberFolder;
import dev.connectorsdk.internal.gateway.seal.MemberKeys;
import dev.connectorsdk.internal.gateway.seal.Membership;
import dev.connectorsdk.internal.gateway.seal.RecoveryKey;
import dev.connectorsdk.internal.gateway.seal.Resealing;
import dev.connectorsdk.internal.gateway.seal.SealedCredentials;
import dev.connectorsdk.internal.gateway.seal.SealingKey;
import dev.connectorsdk.internal.gateway.seal.SeenVersions;
import dev.connectorsdk.internal.http.HttpSettings;
import dev.connectorsdk.internal.http.RelayedExchanges;
import dev.connectorsdk.internal.http.Transport;
import dev.connectorsdk.internal.observation.Observations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A member of a gateway: a process inside a network that dials out to the host, and carries
 * requests for it to the origins that it was given, and to no others. Safe for use by several
 * threads; of one folder one process at a time.
 *
 * <pre>{@code
 * GatewayAgent agent =
 *     GatewayAgent.builder("https://host.example/gateway", folder)
 *         .allowing("http://erp.inside.example:8080")
 *         .build();
 * agent.register(code, "basement", null); // once
 * agent.refresh(recoveryKey -> ...);      // shows it, once, to be written down
 * agent.run();                            // until it is closed
 * }</pre>
 *
 * <p>Its keys are made in its folder. Whoever can read that is the member.
 */
public final class GatewayAgent implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(GatewayAgent.class);

  private static final String UNREGISTERED = "This member was not registered with a gateway yet";

  private static final Duration PING = Duration.ofSeconds(5);
  private static final Duration REFRESH = Duration.ofSeconds(30);
  private static final int STREAMS = 1_000;
  private static final int INSTANCE_BYTES = 8;

  private final HttpUrl address;
  private final OkHttpClient client;
  private final AllowedOrigins origins;
  private final Consumer<String> people;
  private final MemberKeys keys;
  private final Membership membership;
  private final Resealing resealing;
  private final SealedCredentials credentials;
  private final AtomicBoolean isRefreshing = new AtomicBoolean();
  private final Transport inside;
  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final String instance;
  private final ExecutorService work = Executors.newCachedThreadPool(named("gateway-agent-"));
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(named("gateway-agent-timer-"));
  private volatile @Nullable Agent running;
  private boolean closed; // guarded by this

  private GatewayAgent(Builder builder) {
    this.address = builder.address;
    this.client = builder.client;
    this.people = builder.people;
    this.origins = AllowedOrigins.of(builder.origins, builder.people);
    MemberFolder folder = new MemberFolder(builder.folder);
    this.keys = MemberKeys.loadOrCreate(folder);
    this.membership = new Membership(folder, keys, this::ask);
    this.inside = inside(builder.inside, clock, random);
    SeenVersions seen = new SeenVersions(folder);
    this.resealing = new Resealing(membership, keys, seen, this::ask);
    this.credentials =
        new SealedCredentials(
            keys,
            seen,
            new InsideRequests(inside, (url, caller) -> origins.require(url), work),
            clock,
            random);
    byte[] bytes = new byte[INSTANCE_BYTES];
    random.nextBytes(bytes);
    this.instance = HexFormat.of().formatHex(bytes);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static Transport inside(OkHttpClient client, Clock clock, SecureRandom random) {
    return new Transport(
        new HttpSettings(
            client,
            AddressPolicy.allowAll(),
            HttpLimits.standard(),
            HttpLimits.forTokens(),
            null,
            null),
        JsonMapper.shared(),
        clock,
        random,
        pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()),
        new EventHub(Auditor.none(clock), List.of()),
        Observations.NONE);
  }

  /**
   * Returns a builder.
   *
   * @param address of the host's endpoint for gateways, https or wss; http or ws for tests alone
   * @param folder for its keys, made where there is none
   * @throws IllegalArgumentException if the address is none
   */
  public static Builder builder(String address, Path folder) {
    return new Builder(
        HttpUrl.get(address.replaceFirst("(?i)^ws", "http")), folder.toAbsolutePath());
  }

  /** What a member can do. */
  public enum State {
    /** It was not registered. */
    UNREGISTERED,
    /** It waits until another member lets it in. */
    PENDING,
    /**
     * It was let in, and has to be told the fingerprint of the gateway's key, or a recovery key.
     */
    WITHOUT_KEY,
    /** It has the gateway's key. */
    READY
  }

  /**
   * Registers this member with its gateway.
   *
   * @param code from {@link Gateways#registrationCode}; taken once
   * @param name by which people know it
   * @param sealingKey the fingerprint of the gateway's key as another member shows it, {@link
   *     #sealingKey}; {@code null} for the first member, or before {@link #recover}
   * @throws UncheckedIOException if the host cannot be asked, or says no; the message has its words
   */
  public void register(Secret code, String name, @Nullable String sealingKey) {
    membership.register(code, name, sealingKey);
  }

  /**
   * Asks the host how things stand, and does what is due: the first member makes the gateway's key,
   * others take what they were handed.
   *
   * @param recoveryKey is given the recovery key, if one is made; nobody can ask for it again, so
   *     it is to be written down before this returns
   * @throws UncheckedIOException if the host cannot be asked, or says no
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if the host passes on a key that
   *     no member has made
   */
  public State refresh(Consumer<Secret> recoveryKey) {
    if (membership.ids().isEmpty()) {
      return State.UNREGISTERED;
    }
    return State.valueOf(membership.refresh(shown(recoveryKey)).name());
  }

  private static Consumer<RecoveryKey> shown(Consumer<Secret> recoveryKey) {
    return made -> recoveryKey.accept(made.text());
  }

  /** Returns the fingerprint of this member's own keys, which whoever lets it in compares. */
  public String fingerprint() {
    return keys.fingerprint();
  }

  /** Returns the fingerprint of the gateway's newest key that this member has. */
  public Optional<String> sealingKey() {
    return keys.newestSealing().map(SealingKey::fingerprint);
  }

  /**
   * Returns which members of the gateway have lines to the host, and how these are.
   *
   * @throws IllegalStateException if this member was not registered
   * @throws UncheckedIOException if the host cannot be asked, or says no, such as to a member that
   *     was not let in
   */
  public GatewayStatus status() {
    if (membership.ids().isEmpty()) {
      throw new IllegalStateException(UNREGISTERED);
    }
    return StatusReader.read(ask(Membership.STATUS, JsonNodeFactory.instance.objectNode()));
  }

  /**
   * Lets another member in, and hands it the gateway's key.
   *
   * @param fingerprint as the other member itself shows it
   * @throws IllegalArgumentException if the host shows no such member
   * @throws UncheckedIOException if the host cannot be asked, or says no
   */
  public void letIn(String fingerprint) {
    membership.letIn(fingerprint);
  }

  /**
   * Gets the gateway's key by the recovery key, where no member is left that could let this one in.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if it is not the recovery key
   * @throws UncheckedIOException if the host cannot be asked, or says no
   */
  public void recover(Secret recoveryKey) {
    membership.recover(RecoveryKey.parse(recoveryKey));
  }

  /**
   * Proves that the gateway's key can be restored with a recovery key; nothing is changed.
   *
   * @return the fingerprint of the gateway's key
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if it cannot be
   */
  public String verifyRecovery(Secret recoveryKey) {
    return membership.verify(RecoveryKey.parse(recoveryKey));
  }

  /**
   * Sets a new recovery key; the one before restores nothing any more.
   *
   * @param recoveryKey is given it, before it counts
   */
  public void renewRecovery(Consumer<Secret> recoveryKey) {
    membership.renewRecovery(shown(recoveryKey));
  }

  /**
   * Makes a new key for the gateway, as after a member was removed. What is sealed from then on
   * only this member opens, and those whose fingerprints are given; all others have to be let in
   * again. What was sealed before, {@link #resealSecrets} seals again; a member that runs does so
   * by itself.
   *
   * @param fingerprints of the other members, as they themselves show them
   * @param recoveryKey is given the new recovery key, before it counts
   * @return the fingerprint of the new key
   */
  public String renewSealingKey(Set<String> fingerprints, Consumer<Secret> recoveryKey) {
    return membership.rekey(fingerprints, shown(recoveryKey));
  }

  /**
   * What {@link #resealSecrets} has done.
   *
   * @param connections how many connections have secrets that were sealed again
   * @param left the ids of connections whose secrets have to be entered again
   */
  public record Resealed(int connections, Set<String> left) {

    public Resealed {
      left = Set.copyOf(left);
    }
  }

  /**
   * Seals the secrets of all connections again that a former key of the gateway has sealed: for the
   * same use, with the present key. The host passes them on and cannot open them. If it is
   * interrupted, another call goes on. When all are sealed with the present key already, twice in a
   * row, this member forgets the former ones: what was sealed with them, as in a copy of the host's
   * store, it never opens again.
   *
   * @throws dev.connectorsdk.api.error.SecretUnreadableException if this member does not have the
   *     gateway's present key
   * @throws UncheckedIOException if the host cannot be asked, or says no
   */
  public Resealed resealSecrets() {
    Resealing.Outcome outcome = resealing.run();
    return new Resealed(outcome.sealed(), outcome.left());
  }

  /**
   * Carries requests until this is closed or drained, or the thread is interrupted. After a fault
   * it dials again, for ever; a member that was not let in yet waits for that.
   *
   * @throws IOException if the host does not want this member, however often it tries
   * @throws IllegalStateException if it was not registered
   */
  public void run() throws IOException, InterruptedException {
    if (membership.ids().isEmpty()) {
      throw new IllegalStateException(UNREGISTERED);
    }
    Errands errands =
        new Errands(
            origins,
            credentials::authenticate,
            new RelayedExchanges(inside),
            JsonMapper.shared(),
            clock);
    Agent agent = new Agent(settings(), errands, people);
    ScheduledFuture<?> refreshing = begin(agent);
    if (refreshing == null) {
      return;
    }
    try {
      agent.run();
    } finally {
      refreshing.cancel(false);
      agent.close();
    }
  }

  /** Returns what is done while an agent runs, or {@code null} if this is closed. */
  private synchronized @Nullable ScheduledFuture<?> begin(Agent agent) {
    if (closed) {
      return null;
    }
    running = agent;
    return timer.scheduleWithFixedDelay(
        () -> work.execute(this::refreshQuietly), 0, REFRESH.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The first member is registered and refreshed by whoever writes the recovery key down. */
  private void refreshQuietly() {
    if (!isRefreshing.compareAndSet(false, true)) {
      return;
    }
    try {
      if (sealingKey().isPresent() || membership.expectsKey()) {
        membership.refresh(GatewayAgent::requireWriter);
      }
      if (keys.hasFormer()) {
        resealSecrets();
      }
    } catch (RuntimeException e) {
      log.info("How this member stands is not known: {}", e.getMessage());
    } finally {
      isRefreshing.set(false);
    }
  }

  private static void requireWriter(RecoveryKey made) {
    throw new IllegalStateException(
        "the host has no key of the gateway, and nobody is there to write a recovery key down:"
            + " refresh this member once more");
  }

  private AgentSettings settings() {
    Membership.Ids ids = membership.ids().orElse(new Membership.Ids("", ""));
    return new AgentSettings(
        address,
        client,
        new AgentSettings.Identity(
            ids.gateway(), ids.member(), keys.identity(), version(), instance),
        new LineSettings(PING, STREAMS, System::nanoTime, work, timer),
        JsonMapper.shared(),
        clock,
        random);
  }

  private static String version() {
    String version = GatewayAgent.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private JsonNode ask(String method, JsonNode arguments) {
    Purpose purpose = method.equals(Membership.REGISTER) ? Purpose.REGISTER : Purpose.CONTROL;
    try (ControlLine line = ControlLine.dial(settings(), purpose)) {
      return line.ask(method, arguments);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("Interrupted while the host was asked"));
    }
  }

  /** Returns to how many processes of the host there is a line. */
  public int connected() {
    Agent agent = running;
    return agent == null ? 0 : agent.connected();
  }

  /**
   * Takes no more requests, lets those that run come to their end, and closes.
   *
   * @param most how long that may take
   */
  public void drain(Duration most) throws InterruptedException {
    Agent agent = running;
    if (agent != null) {
      agent.drain(most);
    }
    close();
  }

  /** Ends all lines, and what is under way on them. */
  @Override
  public void close() {
    Agent agent;
    synchronized (this) {
      closed = true;
      agent = running;
    }
    if (agent != null) {
      agent.close();
    }
    timer.shutdownNow();
    work.shutdownNow();
    inside.close();
  }

  /** Collects what a {@link GatewayAgent} needs. For one thread. */
  public static final class Builder {

    private final HttpUrl address;
    private final Path folder;
    private final List<String> origins = new ArrayList<>();
    private OkHttpClient client = new OkHttpClient();
    private OkHttpClient inside = new OkHttpClient();
    private Consumer<String> people = news -> {};

    private Builder(HttpUrl address, Path folder) {
      this.address = address;
      this.folder = folder;
    }

    /**
     * Lets requests go to an origin of the inside network: http or https, a host, and a port unless
     * it is the usual one. Without any, nothing is carried.
     */
    public Builder allowing(String origin) {
      origins.add(origin);
      return this;
    }

    /**
     * Dials the host with the proxy and the trust of this client. What it says of limits,
     * redirects, cookies and the like does not count.
     */
    public Builder dialling(OkHttpClient client) {
      this.client = client;
      return this;
    }

    /**
     * Dials the host through an HTTP proxy.
     *
     * @param url such as {@code http://proxy.example:3128}, with {@code user:password@} before the
     *     host if the proxy asks for them
     * @param noProxy names that are reached without it, with commas between them; a name stands for
     *     all names below it too, {@code *} for all
     * @throws IllegalArgumentException if the URL is none of a proxy; the message does not show it
     */
    public Builder proxy(Secret url, String noProxy) {
      client = CompanyProxy.of(url.reveal(), noProxy).of(client.newBuilder()).build();
      return this;
    }

    /**
     * Trusts further certificates of the host besides those that the JDK trusts: of authorities, or
     * of the host itself, whose dates count all the same.
     */
    public Builder trusting(Collection<X509Certificate> further) {
      client = Trust.of(further).of(client.newBuilder()).build();
      return this;
    }

    /**
     * Calls services of the inside network with the names, the proxy and the trust of this client.
     */
    public Builder calling(OkHttpClient inside) {
      this.inside = inside;
      return this;
    }

    /**
     * Tells whoever runs this member what they want to know: that a line to the host is there or
     * has ended, why there is none, and, once each, for which origins the host asks that the member
     * was not given.
     *
     * @param people is given a sentence without its full stop, by any thread; has to return soon.
     *     The sentence may quote what the host says, with question marks in place of control
     *     characters and line breaks. What is thrown is logged, and the member goes on
     */
    public Builder telling(Consumer<String> people) {
      Objects.requireNonNull(people, "people");
      this.people = news -> tell(people, news);
      return this;
    }

    private static void tell(Consumer<String> people, String news) {
      try {
        people.accept(news.replaceAll("[\\p{Cc}\\u2028\\u2029]", "?"));
      } catch (RuntimeException | LinkageError | StackOverflowError e) {
        log.warn("What this member tells was not taken", e);
      }
    }

    /**
     * Returns the agent, which does nothing yet.
     *
     * @throws IllegalArgumentException if an origin is none, or the keys in the folder cannot be
     *     read
     * @throws UncheckedIOException if the folder cannot be read or written
     */
    public GatewayAgent build() {
      return new GatewayAgent(this);
    }
  }
}
