package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.event.ConnectorEvent.StatusChanged;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One node renews a grant, while another one waits for what comes of it. */
@Tag("B11")
@Timeout(60)
class WaitingForAnotherNodeTest extends RawProviderTest {

  private static final int NEVER = 0;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicInteger pauses = new AtomicInteger();

  @BeforeEach
  void aTokenThatHasExpired() {
    theServiceAccepts("t1");
    provider.answers(pair("t0", "r0"));
    signIn();
    clock.advance(Duration.ofHours(2));
  }

  @Test
  @DisplayName("B13: of a grant that has ended all nodes learn by one request")
  @Tag("B13")
  void ofAGrantThatHasEndedAllNodesLearnByOneRequest() throws Exception {
    provider.answers(whileTheOtherWaits(json(400, "{\"error\":\"invalid_grant\"}")));
    try (ConnectorRuntime other = waitingNode(store, 1);
        ConnectorRuntime later = with(builder()).build()) {
      later.references().resolve(ADA, MINE);
      CompletableFuture<Void> call =
          CompletableFuture.runAsync(() -> assertGrantHasEnded(runtime)).thenRun(over::countDown);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      assertGrantHasEnded(other);

      call.get(30, TimeUnit.SECONDS);
      assertGrantHasEnded(later);
      assertThat(provider.spent()).containsExactly("r0");
      assertThat(heard(StatusChanged.class))
          .filteredOn(change -> !change.to().isConnected())
          .hasSize(1);
      assertThat(status().reason()).isEqualTo(ConnectionStatus.Reason.GRANT_ENDED);
    }
  }

  @Test
  @DisplayName("B11: who waits asks with a spread, and gives up without refreshing after 35 s")
  void whoWaitsAsksWithASpreadAndGivesUp() throws Exception {
    provider.answers(whileTheOtherWaits(pair("t1", "r1")));
    List<Duration> asking = new CopyOnWriteArrayList<>();
    Sleeper sleeper =
        pause -> {
          asking.add(pause);
          clock.sleep(pause);
        };
    try (ConnectorRuntime other = with(builder()).store(store, keys).sleeper(sleeper).build()) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(runtime));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> call(other))
          .matches(e -> e.reason() == Reason.TEMPORARY)
          .withMessageContaining("another process has been renewing its credential for longer");

      waiting.countDown();
      call.get(30, TimeUnit.SECONDS);
    }
    assertThat(asking)
        .allMatch(pause -> pause.toMillis() >= 50 && pause.toMillis() < 750)
        .satisfies(all -> assertThat(Set.copyOf(all)).hasSizeGreaterThan(10));
    assertThat(asking.stream().mapToLong(Duration::toMillis).sum()).isBetween(35_000L, 36_000L);
    assertThat(provider.spent()).containsExactly("r0");
  }

  @Test
  @DisplayName("I5: who waits for another node waits for a database that is restarted as well")
  @Tag("I5")
  void whoWaitsForAnotherNodeWaitsForADatabaseThatIsRestartedAsWell() throws Exception {
    provider.answers(whileTheOtherWaits(pair("t1", "r1")));
    ConnectorStore restarting = failing(() -> waiting.getCount() == 0 && pauses.get() < 10, true);
    try (ConnectorRuntime other = waitingNode(restarting, 10)) {
      CompletableFuture<Void> call =
          CompletableFuture.runAsync(() -> call(runtime)).thenRun(over::countDown);
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      call(other);

      call.get(30, TimeUnit.SECONDS);
      assertThat(pauses.get()).isGreaterThanOrEqualTo(10);
      assertThat(provider.spent()).containsExactly("r0");
    }
  }

  @Test
  @DisplayName("I5: a database that does not come back ends the wait after 35 s")
  @Tag("I5")
  void aDatabaseThatDoesNotComeBackEndsTheWait() throws Exception {
    provider.answers(whileTheOtherWaits(pair("t1", "r1")));
    ConnectorStore gone = failing(() -> waiting.getCount() == 0, true);
    try (ConnectorRuntime other = waitingNode(gone, NEVER)) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(runtime));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
      Instant before = clock.instant();

      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> call(other));

      assertThat(Duration.between(before, clock.instant()))
          .isBetween(Duration.ofSeconds(35), Duration.ofSeconds(36));
      call.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisplayName("I5: a failure of the database that no later attempt can mend ends the wait at once")
  @Tag("I5")
  void aFailureThatNoLaterAttemptCanMendEndsTheWaitAtOnce() throws Exception {
    provider.answers(whileTheOtherWaits(pair("t1", "r1")));
    ConnectorStore broken = failing(() -> waiting.getCount() == 0, false);
    try (ConnectorRuntime other = waitingNode(broken, NEVER)) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(runtime));
      assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> call(other));

      assertThat(pauses).hasValue(1);
      call.get(30, TimeUnit.SECONDS);
    }
  }

  private RawTokenEndpoint.Answer whileTheOtherWaits(RawTokenEndpoint.Answer answer) {
    return (client, closed) -> {
      asked.countDown();
      assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
      answer.to(client, closed);
    };
  }

  /**
   * @param last the pause that lasts until the other node is done
   */
  private ConnectorRuntime waitingNode(ConnectorStore shared, int last) {
    Sleeper sleeper =
        pause -> {
          clock.sleep(pause);
          waiting.countDown();
          if (pauses.incrementAndGet() == last) {
            over.await();
          }
        };
    return with(builder()).store(shared, keys).sleeper(sleeper).build();
  }

  private static void assertGrantHasEnded(ConnectorRuntime node) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> call(node))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.GRANT_ENDED);
  }

  private interface When {
    boolean now();
  }

  /** A way to the store on which everything about leases and credentials fails now and then. */
  private ConnectorStore failing(When when, boolean retryable) {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            ConnectorStore.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              boolean concerned = method.getName().matches(".*(Lease|Credential)");
              if (concerned && when.now()) {
                throw new StoreException(method.getName(), retryable, null);
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
