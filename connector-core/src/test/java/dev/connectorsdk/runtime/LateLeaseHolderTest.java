package dev.connectorsdk.runtime;

import static dev.connectorsdk.fixtures.RawTokenEndpoint.json;
import static dev.connectorsdk.fixtures.RawTokenEndpoint.pair;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.Sleeper;
import dev.connectorsdk.fixtures.RawTokenEndpoint;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One node gets new tokens and is held up before it stores them; another one takes over with the
 * spent refresh token, and is told that the grant has ended.
 */
@Tag("B12")
@Tag("B13")
@Timeout(60)
class LateLeaseHolderTest extends RawProviderTest {

  @BeforeEach
  void aTokenThatHasExpired() {
    theServiceAccepts("t1");
    provider.answers(pair("t0", "r0"));
    signIn();
    clock.advance(Duration.ofHours(2));
    provider.answers(pair("t1", "r1"), json(400, "{\"error\":\"invalid_grant\"}"));
  }

  @Test
  @DisplayName(
      "B12: what the late one stores is used, though the connection was given up meanwhile")
  void whatTheLateOneStoresIsUsed() throws Exception {
    HeldUp late = new HeldUp(LateLeaseHolderTest::isTokenWrite);
    try (ConnectorRuntime first = node(late.store)) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(first));
      late.awaitHeldUp();
      loseLease(late);

      assertGrantHasEnded(runtime);
      assertThat(status().state()).isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
      late.goOn();

      call.get(30, TimeUnit.SECONDS);
      assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
      call(first);
      clock.advance(Duration.ofSeconds(6));
      call(runtime);
      assertThat(provider.spent()).containsExactly("r0", "r0");
    }
  }

  @Test
  @DisplayName("B13: who hears late that a grant has ended does not give up one that was renewed")
  void whoHearsLateThatAGrantHasEndedDoesNotGiveUp() throws Exception {
    HeldUp late = new HeldUp(LateLeaseHolderTest::isTokenWrite);
    HeldUp other = new HeldUp((method, arguments) -> method.getName().equals("updateConnection"));
    try (ConnectorRuntime first = node(late.store);
        ConnectorRuntime second = node(other.store)) {
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(first));
      late.awaitHeldUp();
      loseLease(late);
      CompletableFuture<Void> refused = CompletableFuture.runAsync(() -> call(second));
      other.awaitHeldUp();
      loseLease(other);
      late.goOn();
      call.get(30, TimeUnit.SECONDS);
      other.goOn();
      refused.get(30, TimeUnit.SECONDS);

      assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
      call(second);
      assertThat(provider.spent()).containsExactly("r0", "r0");
    }
  }

  @Test
  @DisplayName(
      "B16: who was held up past its lease does not repeat a token that was renewed by then")
  @Tag("B16")
  void whoWasHeldUpPastItsLeaseDoesNotRepeatATokenThatWasRenewedByThen() {
    provider.answers(
        RawTokenEndpoint.reset("{\"access_token\":\"t1\"}"),
        pair("t1", "r1"),
        json(400, "{\"error\":\"invalid_grant\"}"));
    HeldUp late = new HeldUp((method, arguments) -> false);
    AtomicBoolean heldUp = new AtomicBoolean();
    Sleeper whileAnotherNodeRenews =
        pause -> {
          if (heldUp.compareAndSet(false, true)) {
            loseLease(late);
            call(runtime);
          }
        };
    try (ConnectorRuntime first =
        with(builder()).store(late.store, keys).sleeper(whileAnotherNodeRenews).build()) {
      call(first);

      assertThat(heldUp).isTrue();
      assertThat(provider.spent()).containsExactly("r0", "r0");
      assertThat(status().state()).isEqualTo(ConnectionStatus.State.CONNECTED);
    }
  }

  @Test
  @DisplayName("B13: a grant that has really ended stays ended, however many ask")
  void aGrantThatHasReallyEndedStaysEnded() {
    provider.answers(json(400, "{\"error\":\"invalid_grant\"}"));
    try (ConnectorRuntime second = node(store)) {
      second.keepAlive(Duration.ofDays(1));
      assertGrantHasEnded(runtime);
      clock.advance(Duration.ofSeconds(6));
      second.keepAlive(Duration.ZERO);

      assertThat(status().state()).isEqualTo(ConnectionStatus.State.UNAUTHENTICATED);
      assertThat(provider.spent()).containsExactly("r0");
    }
  }

  @Test
  @DisplayName("B14: a runtime that is closed stores the tokens that it has asked for")
  @Tag("B14")
  void aRuntimeThatIsClosedStoresTheTokensThatItHasAskedFor() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    RawTokenEndpoint.Answer pair = pair("t1", "r1");
    provider.answers(
        (client, closed) -> {
          asked.countDown();
          assertThat(mayAnswer.await(30, TimeUnit.SECONDS)).isTrue();
          pair.to(client, closed);
        });
    ConnectorRuntime leaving = node(store);
    CompletableFuture<Void> call = CompletableFuture.runAsync(() -> call(leaving));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

    CompletableFuture<Void> close = CompletableFuture.runAsync(leaving::close);
    mayAnswer.countDown();
    close.get(30, TimeUnit.SECONDS);
    call.handle((done, failure) -> failure).get(30, TimeUnit.SECONDS);

    call(runtime);
    assertThat(provider.spent()).containsExactly("r0");
  }

  @Test
  @DisplayName("B12: a look at the store that fails leaves no lease behind")
  void aLookAtTheStoreThatFailsLeavesNoLeaseBehind() {
    AtomicBoolean leased = new AtomicBoolean();
    AtomicBoolean failed = new AtomicBoolean();
    ConnectorStore failing =
        (ConnectorStore)
            Proxy.newProxyInstance(
                ConnectorStore.class.getClassLoader(),
                new Class<?>[] {ConnectorStore.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("acquireLease")) {
                    leased.set(true);
                  } else if (method.getName().equals("findCredential")
                      && leased.get()
                      && failed.compareAndSet(false, true)) {
                    throw new StoreException("findCredential", false, null);
                  }
                  try {
                    return method.invoke(store, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    try (ConnectorRuntime node = node(failing)) {
      assertThatExceptionOfType(StoreException.class).isThrownBy(() -> call(node));
      Instant before = clock.instant();

      call(runtime);

      assertThat(clock.instant()).isEqualTo(before);
      assertThat(provider.spent()).containsExactly("r0");
    }
  }

  private ConnectorRuntime node(ConnectorStore shared) {
    return with(builder()).store(shared, keys).build();
  }

  private static void assertGrantHasEnded(ConnectorRuntime node) {
    assertThatExceptionOfType(AuthenticationException.class)
        .isThrownBy(() -> call(node))
        .extracting(AuthenticationException::reason)
        .isEqualTo(Reason.GRANT_ENDED);
  }

  /** As if it had run out while its holder was held up. */
  private void loseLease(HeldUp node) {
    ConnectionId connection = runtime.connections().list(ADA).get(0).id();
    store.releaseLease(connection, "acquired", node.owner, true);
  }

  private static boolean isTokenWrite(Method method, Object[] arguments) {
    return method.getName().equals("writeCredential") && arguments.length == 3;
  }

  /** A node's way to the store, on which it is held up once. */
  private final class HeldUp {
    private final CountDownLatch heldUp = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile String owner = "";
    private final ConnectorStore store;

    HeldUp(BiPredicate<Method, Object[]> where) {
      store =
          (ConnectorStore)
              Proxy.newProxyInstance(
                  HeldUp.class.getClassLoader(),
                  new Class<?>[] {ConnectorStore.class},
                  (proxy, method, arguments) -> through(where, method, arguments));
    }

    private Object through(BiPredicate<Method, Object[]> where, Method method, Object[] arguments)
        throws Throwable {
      if (method.getName().equals("acquireLease")) {
        owner = (String) arguments[3];
      }
      if (where.test(method, arguments)) {
        heldUp.countDown();
        goOn.await();
      }
      try {
        return method.invoke(LateLeaseHolderTest.this.store, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    void awaitHeldUp() throws InterruptedException {
      assertThat(heldUp.await(30, TimeUnit.SECONDS)).isTrue();
    }

    void goOn() {
      goOn.countDown();
    }
  }
}
