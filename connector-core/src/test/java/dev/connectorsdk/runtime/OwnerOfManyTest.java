package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionQuery;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.ResolutionException;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.connection.ConnectionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whoever owns very many connections, or shares in them, meets pages of them. */
class OwnerOfManyTest extends HostTest {

  private static final Principal STAFF = Principal.group("staff");

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return builder.memberships((group, member) -> group.equals(STAFF));
  }

  private Connection connect(Caller owner, int number) {
    clock.advance(Duration.ofMillis(1));
    return runtime
        .connections()
        .create(
            owner,
            ConnectionSpec.of("tickets", "apiKey")
                .named("Tickets " + number)
                .with("project", "P1")
                .secret("api_key", Secret.of("key"))
                .untested());
  }

  private List<Connection> connect(Caller owner, int from, int to) {
    List<Connection> made = new ArrayList<>();
    for (int i = from; i < to; i++) {
      made.add(connect(owner, i));
    }
    return made;
  }

  private static List<String> names(List<Connection> connections) {
    return connections.stream().map(Connection::displayName).toList();
  }

  @Test
  @DisplayName("B11: a page of own connections has those of nobody else, whatever the query names")
  void ownConnectionsArePagedTheOldestFirst() {
    List<Connection> adas = connect(ADA, 0, 5);
    connect(BOB, 5);
    connect(ADA.principal().in("test"), 6);
    ConnectionQuery page = ConnectionQuery.all().ownedBy(BOB.principal()).limit(3);

    List<Connection> first = runtime.connections().list(ADA, page);
    List<Connection> second = runtime.connections().list(ADA, page.after(first.get(2)));

    assertThat(names(first)).containsExactly("Tickets 0", "Tickets 1", "Tickets 2");
    assertThat(first.get(0).parameters()).containsKey("project");
    assertThat(names(second)).containsExactly("Tickets 3", "Tickets 4");
    assertThat(runtime.connections().list(ADA, page.after(adas.get(4)))).isEmpty();
    assertThat(runtime.connections().list(ADA, page.inState(State.ERROR))).isEmpty();
    assertThat(runtime.connections().list(ADA, page.inState(State.CONNECTED))).hasSize(3);
  }

  @Test
  void amongAThousandNobodyLooksForTheOneThatIsReady() {
    connect(ADA, 0, 1_000);

    var ambiguous =
        catchThrowableOfType(
            ResolutionException.Ambiguous.class, () -> runtime.references().resolve(ADA, MINE));

    assertThat(ambiguous.trail()).hasSize(101).last().isEqualTo(new Candidate(null, "and others"));
  }

  @Test
  void theFirstOfVeryManyChoicesAreOwnOnes() {
    List<Connection> bobs = connect(BOB, 0, 2);
    for (Connection lent : connect(ADA, 2, 5)) {
      runtime.connections().grant(ADA, lent.id(), STAFF, Right.USE);
      runtime.connections().grant(ADA, lent.id(), BOB.principal(), Right.USE);
    }

    List<Candidate> all = runtime.references().choices(BOB, SHARED);

    assertThat(all).hasSize(5).doesNotHaveDuplicates();
    assertThat(all.subList(0, 2).stream().map(Candidate::connection))
        .containsExactly(bobs.get(0).id(), bobs.get(1).id());
    for (int limit = 1; limit <= 5; limit++) {
      assertThat(runtime.references().choices(BOB, SHARED, limit)).hasSize(limit);
    }
    assertThat(runtime.references().choices(BOB, SHARED, 3).get(2)).isEqualTo(all.get(2));
  }
}
