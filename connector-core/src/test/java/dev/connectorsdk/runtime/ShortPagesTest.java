package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A store may give pages of fewer connections than were asked for, although there are more. */
class ShortPagesTest extends HostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    InMemoryStore store = new InMemoryStore();
    ConnectorStore ofOne =
        StoreProxy.of(
            ConnectorStore.class,
            (method, arguments) ->
                method.getName().equals("listConnections")
                        && arguments[0] instanceof ConnectionQuery query
                    ? store.listConnections(query.limit(1))
                    : method.invoke(store, arguments));
    return builder.store(ofOne, KeyRing.random());
  }

  private Connection connectLater(Caller owner, String name) {
    clock.advance(Duration.ofSeconds(1));
    return runtime.connections().create(owner, ConnectionSpec.of("tickets", "none").named(name));
  }

  @Test
  void theOnlyOneIsNotTheOnlyOneBecauseItsPageEnds() {
    connectLater(ADA, "first");
    connectLater(ADA, "second");

    assertThatExceptionOfType(ResolutionException.Ambiguous.class)
        .isThrownBy(() -> runtime.references().resolve(ADA, MINE))
        .satisfies(ambiguous -> assertThat(ambiguous.trail()).hasSize(2));
  }

  @Test
  void thoseInAStateAreFoundOnLaterPages() {
    List<Connection> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(connectLater(ADA, "Tickets " + i));
    }
    runtime.connections().disable(ROOT, made.get(1).id(), "lost laptop");
    runtime.connections().disable(ROOT, made.get(4).id(), "lost laptop");

    assertThat(runtime.connections().list(ROOT, ConnectionQuery.all().inState(State.DISABLED)))
        .extracting(Connection::id)
        .containsExactly(made.get(1).id(), made.get(4).id());
  }

  @Test
  void choicesAreTheOldestOnes() {
    List<Connection> made = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      made.add(connectLater(ADA, "Tickets " + i));
    }

    for (int limit = 1; limit <= 8; limit++) {
      assertThat(runtime.references().choices(ADA, SHARED, limit))
          .extracting(Candidate::connection)
          .containsExactlyElementsOf(made.stream().limit(limit).map(Connection::id).toList());
    }
  }
}
