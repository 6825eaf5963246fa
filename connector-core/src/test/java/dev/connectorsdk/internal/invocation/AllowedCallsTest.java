package dev.connectorsdk.internal.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.cache.ChangeCount;
import dev.connectorsdk.internal.cache.FreshCache;
import dev.connectorsdk.internal.cache.StoreChanges;
import dev.connectorsdk.internal.invocation.AllowedCalls.AllowedCall;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is kept of calls; their connections, which nothing here looks at, are none. */
class AllowedCallsTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final ConnectionReference FIRST = ConnectionReference.invoker("first", "tickets");
  private static final ConnectionReference SECOND =
      ConnectionReference.invoker("second", "tickets");
  private static final Action<String, String> ACTION =
      Action.builder("used", Effect.READ, String.class, String.class).run((in, call) -> in);

  private final StoreChanges stored = StoreChanges.none(new SettableClock(), Duration.ofSeconds(5));
  private final FreshCache<String, String> something = new FreshCache<>(stored, key -> key);
  private final ChangeCount changes = stored.count();
  private final AllowedCalls calls = new AllowedCalls(changes);

  private void add(ConnectionReference reference, long changesBefore, long until) {
    calls.add(new AllowedCall(ADA, reference, ACTION, null, null, changesBefore, 100, until));
  }

  private boolean knows(ConnectionReference reference) {
    return calls.find(ADA, reference, ACTION) != null;
  }

  @Test
  void callsAreKnownThatHoldForAWhile() {
    add(FIRST, changes.get(), 101);
    add(SECOND, changes.get(), 200);

    assertThat(knows(FIRST)).isTrue();
    assertThat(knows(SECOND)).isTrue();
    assertThat(calls.find(ADA, FIRST, ACTION).holds(100, changes.get())).isTrue();
    assertThat(calls.find(ADA, FIRST, ACTION).holds(101, changes.get())).isFalse();
  }

  @Test
  void whatNeverHoldsIsNotKept() {
    add(FIRST, changes.get(), 100);
    add(SECOND, changes.get(), Long.MIN_VALUE);

    assertThat(knows(FIRST)).isFalse();
    assertThat(knows(SECOND)).isFalse();
  }

  @Test
  void whatWasLookedUpBeforeAChangeIsNotKept() {
    long before = changes.get();
    something.expire("changed");

    add(FIRST, before, 200);

    assertThat(knows(FIRST)).isFalse();
  }

  @Test
  void nothingFromBeforeAChangeIsKeptBesideWhatCameSince() {
    add(FIRST, changes.get(), 200);
    something.expire("changed");

    add(SECOND, changes.get(), 200);

    assertThat(knows(FIRST)).isFalse();
    assertThat(knows(SECOND)).isTrue();
  }

  @Test
  void allAreForgotten() {
    add(FIRST, changes.get(), 200);

    calls.forget();

    assertThat(knows(FIRST)).isFalse();
  }
}
