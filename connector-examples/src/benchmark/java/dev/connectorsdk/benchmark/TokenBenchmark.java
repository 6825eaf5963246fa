package dev.connectorsdk.benchmark;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.auth.AuthStrategies;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A connection's current OAuth token while it is fresh, next to reading a value from a cache that
 * lets values expire.
 *
 * <p>Budget: at most twice the time, nothing allocated, by one thread and by eight.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class TokenBenchmark {

  private static final ConnectionId CONNECTION = ConnectionId.of("c-1");
  private static final String TOKEN = "2YotnFZFEjr1zCsicMWpAA";

  private final Authenticator authenticator =
      strategy()
          .open(OAuth2Scheme.clientCredentials("https://id.example.com/token"), new Context());
  private final Cache<ConnectionId, String> cache =
      Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(Duration.ofHours(1)).build();

  {
    cache.put(CONNECTION, "Bearer " + TOKEN);
  }

  @SuppressWarnings("unchecked") // The one for this scheme.
  private static AuthStrategy<OAuth2Scheme> strategy() {
    return (AuthStrategy<OAuth2Scheme>)
        AuthStrategies.standard().stream()
            .filter(strategy -> strategy.schemeType() == OAuth2Scheme.class)
            .findFirst()
            .orElseThrow();
  }

  /** What a thread puts the token into. */
  @State(Scope.Thread)
  public static class Slot implements AuthRequest {

    private @Nullable String value;

    @Override
    public void setHeader(String name, String value) {
      this.value = value;
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public URI uri() {
      return URI.create(CannedService.BASE_URL);
    }

    @Override
    public @Nullable String header(String name) {
      return null;
    }

    @Override
    public List<String> headers(String name) {
      return List.of();
    }

    @Override
    public List<String> headerNames() {
      return List.of();
    }

    @Override
    public void setQueryParameter(String name, String value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void addCookie(String name, String value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }
  }

  /** The token, by one thread. */
  @Benchmark
  public @Nullable String token(Slot slot) {
    authenticator.authenticate(slot);
    return slot.value;
  }

  /** The token, by eight threads. */
  @Benchmark
  @Threads(8)
  public @Nullable String tokenByEight(Slot slot) {
    return token(slot);
  }

  /** The cache, by one thread. */
  @Benchmark
  public @Nullable String cacheRead() {
    return cache.getIfPresent(CONNECTION);
  }

  /** The cache, by eight threads. */
  @Benchmark
  @Threads(8)
  public @Nullable String cacheReadByEight() {
    return cacheRead();
  }

  /** A connection whose vault holds a token for an hour. */
  private static final class Context implements AuthContext, CredentialVault {

    private final Instant begin = Instant.now();

    @Override
    public Credentials read() {
      return new Credentials(
          1,
          Map.of(
              "access_token", Secret.of(TOKEN),
              "obtained_at", Secret.of(begin.toString()),
              "expires_at", Secret.of(begin.plusSeconds(3600).toString())));
    }

    @Override
    public boolean replace(long expectedVersion, Map<String, Secret> values) {
      throw new UnsupportedOperationException("The token is fresh");
    }

    @Override
    public ConnectionId connection() {
      return CONNECTION;
    }

    @Override
    public ConnectorId connector() {
      return ConnectorId.of("tickets");
    }

    @Override
    public String parameter(String name) {
      return name;
    }

    @Override
    public Secret secret(String name) {
      return Secret.of(name);
    }

    @Override
    public Optional<ClientRegistration> client() {
      return Optional.empty();
    }

    @Override
    public URI expand(String urlTemplate) {
      return URI.create(urlTemplate);
    }

    @Override
    public void capture(Map<String, String> values) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CredentialVault vault() {
      return this;
    }

    @Override
    public ConnectorHttp http() {
      throw new UnsupportedOperationException("The token is fresh");
    }

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }

    @Override
    public RandomGenerator random() {
      return new SecureRandom();
    }
  }
}
