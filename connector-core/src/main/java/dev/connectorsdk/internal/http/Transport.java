package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.error.CallCancelledException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.internal.event.EventHub;
import dev.connectorsdk.internal.file.TemporaryFiles;
import dev.connectorsdk.internal.observation.Observations;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.Authenticator;
import okhttp3.ConnectionSpec;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What all calls of one runtime share on their way to services. Safe for several threads. */
public final class Transport implements AutoCloseable {

  static final String USER_AGENT = "User-Agent";

  private final OkHttpClient base;
  private final Dispatcher unwrapped = new Dispatcher();
  private @Nullable OkHttpClient own; // guarded by this
  private final boolean ownsClient;
  private final @Nullable AddressGuard guard;
  private final KeptSockets sockets;
  private final Templates templates;
  private final PathTemplates pathTemplates = new PathTemplates();
  private final Headers usualHeaders;
  private final Request usualRequest;
  private final HttpLimits limits;
  private final HttpLimits tokenLimits;
  private final InFlightCalls inFlight = new InFlightCalls();
  private final NoContent noContent = new NoContent();
  private final Bulkheads bulkheads;
  private final Bulkheads tokenBulkheads;
  private final JsonMapper mapper;
  private final Clock clock;
  private final RandomGenerator random;
  private final Sleeper sleeper;
  private final EventHub events;
  private final Observations observations;
  private final TemporaryFiles temporaryFiles;

  /** For the runtime. */
  public Transport(
      HttpSettings settings,
      JsonMapper mapper,
      Clock clock,
      RandomGenerator random,
      Sleeper sleeper,
      EventHub events,
      Observations observations) {
    OkHttpClient hostClient = settings.client();
    this.ownsClient = hostClient == null;
    this.base = hostClient == null ? withoutTls() : hostClient;
    AddressPolicy addresses = settings.addresses();
    this.guard = addresses.allowsAll() ? null : new AddressGuard(addresses);
    this.usualHeaders = usualHeaders(settings.userAgent());
    this.usualRequest =
        new Request.Builder().url("https://service.invalid").headers(usualHeaders).build();
    this.limits = settings.limits();
    this.tokenLimits = once(settings.tokenLimits());
    this.sockets = new KeptSockets(limits.inFlight().perConnection());
    this.templates =
        ownsClient
            ? new Templates(templates(base), () -> templates(own()))
            : Templates.of(templates(base));
    this.bulkheads = new Bulkheads(limits, "exchanges");
    this.tokenBulkheads = new Bulkheads(tokenLimits, "requests for tokens");
    this.mapper = mapper;
    this.clock = clock;
    this.random = random;
    this.sleeper = sleeper;
    this.events = events;
    this.observations = observations;
    this.temporaryFiles = new TemporaryFiles(settings.temporaryFiles());
  }

  private static OkHttpClient withoutTls() {
    return new OkHttpClient.Builder().connectionSpecs(List.of(ConnectionSpec.CLEARTEXT)).build();
  }

  private static Headers usualHeaders(@Nullable String userAgent) {
    Headers accepting = Headers.of("Accept", "application/json");
    return userAgent == null
        ? accepting
        : accepting.newBuilder().add(USER_AGENT, userAgent).build();
  }

  /** What failures of a token endpoint lead to is up to the strategies. */
  private static HttpLimits once(HttpLimits limits) {
    return limits.withMaxAttempts(1).withInFlight(limits.inFlight().withMaxFailures(0));
  }

  /** Returns a client for each use. */
  private Map<ServiceClients.Use, OkHttpClient> templates(OkHttpClient client) {
    OkHttpClient watched = watched(client);
    OkHttpClient free = withSockets(watched.newBuilder(), null);
    OkHttpClient guarded = guard == null ? free : withSockets(guard.guarding(watched), guard);
    Map<ServiceClients.Use, OkHttpClient> all = new EnumMap<>(ServiceClients.Use.class);
    for (ServiceClients.Use use : ServiceClients.Use.values()) {
      OkHttpClient sending = use.isForChosenHosts() ? guarded : free;
      all.put(use, restrained(sending, use.isForTokens() ? tokenLimits : limits));
    }
    return all;
  }

  private OkHttpClient withSockets(OkHttpClient.Builder client, @Nullable AddressGuard asked) {
    boolean http2 = base.protocols().contains(Protocol.H2_PRIOR_KNOWLEDGE);
    return client
        .socketFactory(new ServiceSockets(base.socketFactory(), sockets, asked, http2))
        .build();
  }

  /** A client that was made without TLS has no manager. */
  private static OkHttpClient watched(OkHttpClient client) {
    X509TrustManager trusted = client.x509TrustManager();
    return trusted == null
        ? client
        : client
            .newBuilder()
            .sslSocketFactory(new TlsSockets(client.sslSocketFactory()), trusted)
            .build();
  }

  /** OkHttp repeats, redirects and remembers by itself unless it is told not to. */
  private OkHttpClient restrained(OkHttpClient base, HttpLimits limits) {
    return base.newBuilder()
        .connectTimeout(limits.connectTimeout())
        .readTimeout(readTimeout(limits))
        .writeTimeout(readTimeout(limits))
        .callTimeout(Duration.ZERO)
        .retryOnConnectionFailure(false)
        .followRedirects(false)
        .followSslRedirects(false)
        .authenticator(Authenticator.NONE)
        .cookieJar(CookieJar.NO_COOKIES)
        .cache(null)
        .eventListenerFactory(noContent.with(base.eventListenerFactory()))
        .addNetworkInterceptor(new WireRules(limits.maxResponseBytes()))
        .build();
  }

  /**
   * A limit that the one for the whole call makes superfluous is not set: OkHttp's timers go off
   * when a process wakes, before it has read what arrived while it was stopped.
   */
  private static Duration readTimeout(HttpLimits limits) {
    Duration timeout = limits.readTimeout();
    return timeout.compareTo(limits.callTimeout()) < 0 ? timeout : Duration.ZERO;
  }

  /** Returns the limits that calls have by default. */
  public HttpLimits limits() {
    return limits;
  }

  /**
   * Returns the TLS side of a connection that has a client certificate. It trusts what the host's
   * client trusts.
   */
  public ClientTls offering(ClientCertificate certificate) {
    PinnedKey key = new PinnedKey(certificate);
    X509TrustManager trusted = trusted();
    OkHttpClient offering =
        withTls()
            .newBuilder()
            .sslSocketFactory(context(key, trusted).getSocketFactory(), trusted)
            .build();
    return new ClientTls(certificate, key, Templates.of(templates(offering)));
  }

  /**
   * Returns the clients of a connection.
   *
   * @param tls what offers its client certificate, or {@code null} if it has none
   */
  public ServiceClients clients(ConnectionId connection, @Nullable ClientTls tls) {
    KeptSockets.Pool pool = sockets.of(connection);
    var plain = new ServiceClients(templates, pool, null);
    return tls == null ? plain : new ServiceClients(tls.templates(), pool, plain);
  }

  /**
   * Returns the clients of a connection whose requests go another way than over sockets.
   *
   * @param way makes of a client one that goes that way
   */
  public ServiceClients clientsBy(UnaryOperator<OkHttpClient> way, ConnectionId connection) {
    return new ServiceClients(templates.each(way), sockets.of(connection), null);
  }

  /** Ends what a connection keeps for its next request. */
  public void endIdle(ConnectionId connection) {
    sockets.endIdle(connection);
  }

  private X509TrustManager trusted() {
    X509TrustManager ofHost = withTls().x509TrustManager();
    return ofHost == null ? trustedByJdk() : ofHost;
  }

  /** For a client that was made without TLS. */
  private static X509TrustManager trustedByJdk() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK trusts nobody", e);
    }
  }

  private static SSLContext context(PinnedKey key, X509TrustManager trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[] {key}, new TrustManager[] {trusted}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no TLS", e);
    }
  }

  /** Returns who measures and traces what the runtime does. */
  public Observations observations() {
    return observations;
  }

  /** Returns the way to a connection's service for one call. */
  public ConnectorHttp open(Endpoint endpoint, CallBudget budget) {
    return open(endpoint, budget, null);
  }

  /**
   * Returns the way to a connection's service for one call, whose requests pass {@code stage} after
   * they were authenticated.
   */
  public ConnectorHttp open(Endpoint endpoint, CallBudget budget, @Nullable Stage stage) {
    return bound(endpoint, budget, stage);
  }

  BoundHttp bound(Endpoint endpoint, CallBudget budget, @Nullable Stage stage) {
    return new BoundHttp(this, limits, endpoint, budget, stage, bulkheads, false);
  }

  /** Returns a client for code that is not ours, whose calls go this way. */
  public OkHttpClient unwrapped(HandedCall.Way way) {
    return unwrapped(limits, way);
  }

  OkHttpClient unwrapped(HttpLimits limits, HandedCall.Way way) {
    return new UnwrappedClient(own(), unwrapped, limits, way);
  }

  private OkHttpClient withTls() {
    return ownsClient ? own() : base;
  }

  /** Returns a client with TLS, and with nothing of the host's in it. */
  private synchronized OkHttpClient own() {
    OkHttpClient known = own;
    if (known == null) {
      OkHttpClient.Builder client = new OkHttpClient.Builder();
      known =
          built(
              ownsClient
                  ? client.dispatcher(base.dispatcher()).connectionPool(base.connectionPool())
                  : client);
      own = known;
    }
    return known;
  }

  /**
   * Certificates that the JDK cannot read are an error to OkHttp, which nobody expects of a call.
   */
  private static OkHttpClient built(OkHttpClient.Builder client) {
    try {
      return client.build();
    } catch (Exception | AssertionError e) {
      throw new IllegalStateException("The JDK's TLS cannot be set up", e);
    }
  }

  /**
   * Waits inside a call.
   *
   * @param response says how long in its header {@code Retry-After}
   * @param otherwise how long if it does not say
   * @return whether the time was waited; {@code false}, at once, if the call's time ends before
   * @throws CallCancelledException if the thread was interrupted
   */
  public boolean pause(HttpResponse response, Duration otherwise, CallBudget budget, String what) {
    Duration asked = RetryAfter.of(response, clock);
    Duration pause = asked == null ? otherwise : asked;
    if (pause.toMillis() >= budget.remainingMillis()) {
      return false;
    }
    sleep(pause, what);
    return true;
  }

  /**
   * Waits.
   *
   * @throws CallCancelledException if the thread was interrupted
   */
  void sleep(Duration pause, String what) {
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallCancelledException(what);
    }
  }

  /** Returns a way to a strategy's own endpoints: no credentials, one attempt, tight limits. */
  public ConnectorHttp openForTokens(Endpoint endpoint) {
    return openForTokens(endpoint, tokenLimits.callTimeout());
  }

  /**
   * Returns a way to a strategy's own endpoints.
   *
   * @param timeout when it ends, counted from now, however many requests are made; not later than
   *     the limits for these requests say
   */
  public ConnectorHttp openForTokens(Endpoint endpoint, Duration timeout) {
    Duration most = tokenLimits.callTimeout();
    CallBudget budget =
        new CallBudget(
            clock, timeout.compareTo(most) < 0 ? timeout : most, Effect.WRITE, null, null);
    return new BoundHttp(this, tokenLimits, endpoint, budget, null, tokenBulkheads, true);
  }

  InFlightCalls inFlight() {
    return inFlight;
  }

  /** Returns the headers that requests have unless they say otherwise. */
  Headers usualHeaders() {
    return usualHeaders;
  }

  /** Returns a request with these headers, whose URL is not that of anything. */
  Request usualRequest() {
    return usualRequest;
  }

  PathTemplates pathTemplates() {
    return pathTemplates;
  }

  NoContent noContent() {
    return noContent;
  }

  JsonMapper mapper() {
    return mapper;
  }

  Clock clock() {
    return clock;
  }

  RandomGenerator random() {
    return random;
  }

  /** Returns how to wait between attempts. */
  public Sleeper sleeper() {
    return sleeper;
  }

  TemporaryFiles temporaryFiles() {
    return temporaryFiles;
  }

  EventHub events() {
    return events;
  }

  /** Cancels the requests of actions, now and later; those for tokens go on. */
  public void stopActions() {
    inFlight.leaveOnlyTokens();
  }

  /** Cancels what runs and ends all threads and connections of our own. */
  @Override
  public void close() {
    inFlight.close();
    unwrapped.executorService().shutdown();
    sockets.close();
    temporaryFiles.close();
    if (ownsClient) {
      base.dispatcher().executorService().shutdown();
    }
  }
}
