package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.FlowDirectory;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process dies between any two steps of a poll, of the storing, and of the hand-over. */
class CrashEverywhereTest {

  private static final int EVENTS = 40;
  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final Flow FLOW = Flow.of("desk", ADA.principal());
  private static final ConnectionReference REFERENCE =
      ConnectionReference.embedded("team-tickets", "tickets");

  private final SettableClock clock = new SettableClock();
  private final KeyRing keys = KeyRing.random();
  private final OkHttpClient client = new OkHttpClient();
  private final List<String> handled = new ArrayList<>();
  private final Connector connector = connector();

  private static Connector connector() {
    var counting = new Hooked();
    counting.last = EVENTS;
    counting.page = 10;
    return Tickets.builder("http://localhost").trigger(counting.trigger()).build();
  }

  private ConnectorRuntime node(ConnectorStore store) {
    return ConnectorRuntime.builder()
        .connector(connector)
        .store(store, keys)
        .clock(clock)
        .httpClient(client)
        .flows(FlowDirectory.of(FLOW))
        .handler("announce", Item.class, (item, event) -> handled.add(event.id()))
        .stopped();
  }

  private InMemoryStore subscribed() {
    var store = new InMemoryStore(clock);
    ConnectorRuntime host = node(store);
    var spec = ConnectionSpec.of("tickets", "apiKey").secret("api_key", Secret.of("k"));
    host.references().bind(ADA, REFERENCE, host.connections().create(ADA, spec).id());
    host.triggers()
        .subscribe(
            ADA.running(FLOW),
            SubscriptionSpec.of(REFERENCE, "hooked", Nothing.NOTHING, "announce")
                .starting(new Start.All()));
    host.close();
    return store;
  }

  /** Runs a process for half an hour, or until it dies. */
  private void run(ConnectorStore store) {
    ConnectorRuntime node = node(store);
    try {
      for (int minute = 0; minute < 30; minute += 3) {
        node.triggerModule().runDue();
        clock.advance(Duration.ofMinutes(3).plusSeconds(20));
      }
    } catch (DyingStore.Death e) {
      clock.advance(Duration.ofSeconds(61));
    } finally {
      node.close();
    }
  }

  @Test
  @DisplayName("G9: no event is lost wherever the process dies, and one at most comes twice")
  @Tag("G9")
  void noEventIsLostWhereverItDies() {
    List<String> all = IntStream.rangeClosed(1, EVENTS).mapToObj(n -> "T-" + n).toList();
    for (int step = 1; ; step++) {
      handled.clear();
      InMemoryStore left = subscribed();
      var dying = new DyingStore(step);

      run(dying.around(left));
      run(left);

      assertThat(handled).as("dead at step %d", step).containsAll(all);
      assertThat(handled).as("dead at step %d", step).hasSizeLessThanOrEqualTo(EVENTS + 1);
      if (!dying.isDead()) {
        assertThat(step).as("so many steps there were").isGreaterThan(200);
        return;
      }
    }
  }
}
