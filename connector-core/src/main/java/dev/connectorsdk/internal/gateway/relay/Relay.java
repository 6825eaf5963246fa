package dev.connectorsdk.internal.gateway.relay;

import dev.connectorsdk.internal.gateway.line.Refusal;
import dev.connectorsdk.internal.gateway.line.Wire;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the lines of gateways' members and sends requests over them. Safe for several threads.
 * It ends no thread that it was given.
 */
public final class Relay implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Relay.class);

  private static final int ID_BYTES = 12;

  private final LineDirectory directory;
  private final RelaySettings settings;
  private final Lines lines;
  private final Set<HostLine> all = ConcurrentHashMap.newKeySet();
  private final List<ScheduledFuture<?>> chores;
  private volatile Set<String> nodes = Set.of();
  private volatile boolean draining;

  /** Begins to look after lines, and to be one of the host's processes that take them. */
  public Relay(LineDirectory directory, RelaySettings settings) {
    this.directory = directory;
    this.settings = settings;
    this.lines = new Lines(directory, settings);
    this.chores =
        List.of(
            every(Duration.ZERO, settings.watch(), this::watch),
            every(settings.watch(), settings.watch(), directory::endUnpermitted),
            every(
                settings.challenge(),
                settings.challenge(),
                () -> all.forEach(HostLine::challengeAgain)));
  }

  /** One that takes longer, since a store does not answer, is not begun again meanwhile. */
  private ScheduledFuture<?> every(Duration first, Duration pause, Runnable chore) {
    AtomicBoolean running = new AtomicBoolean();
    Runnable once =
        () -> {
          try {
            safely(chore);
          } finally {
            running.set(false);
          }
        };
    return settings
        .line()
        .timer()
        .scheduleWithFixedDelay(
            () -> {
              if (running.compareAndSet(false, true)) {
                settings.line().work().execute(once);
              }
            },
            first.toMillis(),
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private static void safely(Runnable chore) {
    try {
      chore.run();
    } catch (RuntimeException e) {
      log.warn("Gateways could not be looked after: {}", e.getClass().getName());
    }
  }

  private void watch() {
    all.forEach(line -> safely(line::watch));
    Set<String> now = directory.nodes();
    if (!now.equals(nodes)) {
      nodes = now;
      all.forEach(HostLine::welcome);
    }
    safely(directory::look);
  }

  LineDirectory directory() {
    return directory;
  }

  Lines lines() {
    return lines;
  }

  void forget(HostLine line) {
    all.remove(line);
  }

  /**
   * Takes in a socket that somebody has opened.
   *
   * @param address where it came from, for people to read
   */
  public HostLine accept(Wire wire, String address) {
    byte[] id = new byte[ID_BYTES];
    settings.random().nextBytes(id);
    HostLine line = new HostLine(this, settings, wire, ByteString.of(id).base64Url(), address);
    all.add(line);
    line.start();
    if (draining) {
      line.refuse(Refusal.Reason.OTHER, "This process of the host is about to close.");
    }
    return line;
  }

  /** Returns what makes of an HTTP client one whose requests go over the lines of a gateway. */
  public UnaryOperator<OkHttpClient> through(String gateway) {
    Tunnel tunnel = new Tunnel(gateway, lines, settings.mapper());
    return client -> client.newBuilder().addInterceptor(tunnel).build();
  }

  /** Has members hold their lines elsewhere. What this process calls goes over those it has. */
  public void drain() {
    draining = true;
    all.forEach(HostLine::drain);
  }

  /** Ends all lines and what is under way on them. */
  @Override
  public void close() {
    draining = true;
    chores.forEach(chore -> chore.cancel(false));
    all.forEach(HostLine::close);
  }
}
