package dev.connectorsdk.internal.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.error.StoreException;
import dev.connectorsdk.api.spi.PolicyStore;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the policies that hold are read, while they are changed and asked for by many. */
@Tag("I3")
@Timeout(30)
class StoredPoliciesTest {

  private final SettableClock clock = new SettableClock();
  private final PolicyStore store = new InMemoryStore(clock).policies();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore answers = new Semaphore(0);
  private final AtomicInteger readings = new AtomicInteger();
  private volatile boolean slow;
  private volatile boolean away;

  /** Answers what was stored when it was asked, as late as a test says. */
  private final class Slow implements PolicyStore {

    @Override
    public List<StoredPolicy> listPolicies() {
      readings.incrementAndGet();
      List<StoredPolicy> read = store.listPolicies();
      if (slow) {
        begun.release();
        answers.acquireUninterruptibly();
      }
      if (away) {
        throw new StoreException("It is away", true, null);
      }
      return read;
    }

    @Override
    public boolean writePolicy(StoredPolicy next, long expectedVersion) {
      return store.writePolicy(next, expectedVersion);
    }
  }

  private final StoredPolicies policies =
      new StoredPolicies(
          new Slow(),
          StoreChanges.none(clock, Duration.ofSeconds(5)),
          (environment, id) -> new ConnectorFacts(id, false, true, null));

  private void save(String name) {
    store.writePolicy(
        new PolicyStore.StoredPolicy(name, 1, DataPolicy.named(name).build().toJson()), 0);
  }

  private static List<String> names(PolicySet policies) {
    return policies.policies().stream().map(DataPolicy::name).toList();
  }

  private CompletableFuture<List<String>> asking() {
    return CompletableFuture.supplyAsync(
        () -> names(policies.current()), task -> new Thread(task).start());
  }

  @Test
  @DisplayName("I3: whoever asks while the policies are read has what is read")
  void manyAskAtOnce() throws Exception {
    save("p");
    slow = true;
    List<CompletableFuture<List<String>>> asking = new ArrayList<>();
    asking.add(asking());
    begun.acquire();
    for (int i = 0; i < 20; i++) {
      asking.add(asking());
    }
    answers.release();

    for (CompletableFuture<List<String>> one : asking) {
      assertThat(one.get()).containsExactly("p");
    }
    assertThat(readings).hasValue(1);
  }

  @Test
  @DisplayName("I3: what was read before a change is not what holds after it, and nobody waits")
  void aChangeWhileThePoliciesAreRead() throws Exception {
    slow = true;
    CompletableFuture<List<String>> before = asking();
    begun.acquire();
    slow = false;
    save("p");
    policies.expire();

    assertThat(names(policies.current())).containsExactly("p");
    answers.release();
    assertThat(before.get()).isEmpty();
    assertThat(names(policies.current())).containsExactly("p");
    assertThat(readings).hasValue(2);
  }

  @Test
  @DisplayName("I3: while the store is away nobody has policies that are older than the freshness")
  void theStoreIsAway() throws Exception {
    policies.current();
    clock.advance(Duration.ofSeconds(5));
    slow = true;
    away = true;
    CompletableFuture<List<String>> first = asking();
    begun.acquire();
    CompletableFuture<List<String>> second = asking();
    answers.release(2);

    for (CompletableFuture<List<String>> one : List.of(first, second)) {
      assertThatExceptionOfType(ExecutionException.class)
          .isThrownBy(one::get)
          .withCauseInstanceOf(StoreException.class);
    }
    slow = false;
    away = false;
    assertThat(policies.current().policies()).isEmpty();
  }

  @Test
  @DisplayName("I3: what a policy that is not enforced would refuse is told of, however much it is")
  void telling() {
    PolicySet now = policies.current();

    for (int i = 0; i < 20_000; i++) {
      var told =
          new PolicySet.Told(
              Environment.of("prod"), "flow-" + i, ConnectorId.of("crm"), "list", null, "p", "r");
      assertThat(now.isFirst(told)).isTrue();
      assertThat(now.isFirst(told)).isFalse();
    }
  }

  @Test
  @DisplayName("I3: what took longer to read than the freshness allows nothing")
  void theStoreIsSlow() throws Exception {
    slow = true;
    CompletableFuture<List<String>> first = asking();
    begun.acquire();
    CompletableFuture<List<String>> second = asking();
    save("p");
    clock.advance(Duration.ofSeconds(6));
    answers.release();
    begun.acquire();
    answers.release();

    assertThat(first.get()).containsExactly("p");
    assertThat(second.get()).containsExactly("p");
  }

  @Test
  @DisplayName("I3: while the store always takes longer than the freshness all is refused")
  void theStoreIsAlwaysSlow() throws Exception {
    slow = true;
    CompletableFuture<List<String>> asking = asking();
    for (int i = 0; i < 2; i++) {
      begun.acquire();
      clock.advance(Duration.ofSeconds(6));
      answers.release();
    }

    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(asking::get)
        .withCauseInstanceOf(StoreException.class);
  }
}
