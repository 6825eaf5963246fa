package dev.connectorsdk.store;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Account;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.BindingKey;
import dev.connectorsdk.api.spi.ConnectorStore.ConnectionFilter;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredBinding;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.ConnectorStore.StoredTicket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store must do. Extend this and say which store to check. */
@Tag("C10")
@Timeout(60)
public abstract class ConnectorStoreContract {

  protected static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  protected static final Environment PROD = Environment.of("prod");
  protected static final ConnectorId MAIL = ConnectorId.of("mail");
  protected static final Principal ADA = Principal.user("ada");

  protected ConnectorStore store;

  /** Returns an empty store. Called before each test. */
  protected abstract ConnectorStore emptyStore() throws Exception;

  @BeforeEach
  void makeStore() throws Exception {
    store = emptyStore();
  }

  @AfterEach
  void closeStore() {
    if (store != null) {
      store.close();
    }
  }

  // Connections

  @Test
  @Tag("A9")
  void keepsGrantedScopes() {
    StoredConnection first = granted(connection("c1"), 1, List.of("read", "offline_access"));
    StoredConnection second = granted(first, 2, List.of("read", "write"));
    StoredConnection third = granted(second, 3, List.of());

    store.insertConnection(first, List.of());
    assertThat(store.findConnection(first.id())).contains(first);
    store.updateConnection(second, 1, List.of());
    assertThat(store.listConnections(new ConnectionFilter(null, null, null)))
        .containsExactly(second);
    store.updateConnection(third, 2, List.of());
    assertThat(store.findConnection(first.id())).contains(third);
    store.updateConnection(granted(third, 4, List.of("read")), 3, List.of());
    assertThat(store.deleteConnection(first.id())).isTrue();
  }

  private static StoredConnection granted(
      StoredConnection row, long version, List<String> grantedScopes) {
    return new StoredConnection(
        row.identity(),
        row.settings(),
        new Access(row.status(), null, grantedScopes),
        new Revision(version, NOON, NOON));
  }

  @Test
  void returnsAConnectionAsItWasInserted() {
    StoredConnection everything =
        new StoredConnection(
            new Identity(ConnectionId.of("c1"), MAIL, PROD, Principal.service("night-job")),
            new Settings(
                "Ada's mail – ünï 😀",
                "oauth",
                "{\"site\": \"a\\u0000b\"}",
                NOON.plusSeconds(3600)),
            new Access(
                ConnectionStatus.notConnected(
                    ConnectionStatus.State.ERROR,
                    ConnectionStatus.Reason.TEST_FAILED,
                    "The server said no.",
                    NOON.plusSeconds(1)),
                new Account("4711", "Ada L."),
                List.of("mail.read", "mail.send")),
            new Revision(1, NOON, NOON.plusMillis(5)));

    assertThat(store.insertConnection(everything, List.of())).isTrue();

    assertThat(store.findConnection(everything.id())).contains(everything);
  }

  @Test
  void returnsAConnectionOfWhichLittleIsKnownAsItWasInserted() {
    store.insertConnection(connection("c1"), List.of());

    assertThat(store.findConnection(ConnectionId.of("c1"))).contains(connection("c1"));
    assertThat(store.findConnection(ConnectionId.of("c2"))).isEmpty();
  }

  @Test
  void keepsAnAccountWithoutAName() {
    StoredConnection connection =
        with(connection("c1"), ADA, "mail", "text", Account.of("4711"), NOON);
    store.insertConnection(connection, List.of());

    assertThat(store.findConnection(connection.id())).contains(connection);
  }

  @Test
  void insertsAConnectionWithItsCredentials() {
    store.insertConnection(
        connection("c1"), List.of(credential("c1", "entered", 1), credential("c1", "tokens", 1)));

    assertThat(find("c1", "entered")).contains(credential("c1", "entered", 1));
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 1));
    assertThat(find("c1", "other")).isEmpty();
    assertThat(find("c2", "tokens")).isEmpty();
  }

  @Test
  void refusesASecondConnectionWithAnIdAndLeavesTheFirstAlone() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    StoredConnection second =
        with(connection("c1"), Principal.user("eve"), "mail", "second", null, NOON);
    assertThat(store.insertConnection(second, List.of(credential("c1", "more", 1)))).isFalse();

    assertThat(store.findConnection(second.id())).contains(connection("c1"));
    assertThat(find("c1", "more")).isEmpty();
    assertThat(find("c1", "tokens")).isPresent();
  }

  @Test
  void keepsInstantsToTheMicrosecond() {
    Instant fine = Instant.parse("2026-03-01T12:00:00.123456789Z");
    StoredConnection connection = with(connection("c1"), ADA, "mail", "text", null, fine);
    store.insertConnection(connection, List.of());

    StoredConnection found = store.findConnection(connection.id()).orElseThrow();
    assertThat(found).isEqualTo(connection);
    assertThat(
            List.of(
                found.revision().createdAt(), found.revision().updatedAt(), found.status().since()))
        .containsOnly(Instant.parse("2026-03-01T12:00:00.123456Z"));
    assertThat(found.settings().credentialExpiresAt()).isEqualTo("2026-03-01T12:00:00.123456Z");
  }

  @Test
  void bringsTimesBeyondTheCalendarIntoIt() {
    for (Instant far : List.of(Instant.MIN, Instant.MAX)) {
      StoredConnection connection =
          with(connection("c" + far.getEpochSecond()), ADA, "mail", "", null, far);
      store.insertConnection(connection, List.of());

      assertThat(store.findConnection(connection.id())).contains(connection);
    }
    assertThat(connection("c1", Instant.MAX).revision().createdAt())
        .isEqualTo("9999-12-31T23:59:59.999999Z");
    assertThat(connection("c1", Instant.MIN).revision().createdAt())
        .isEqualTo("0001-01-01T00:00:00Z");
  }

  @Test
  void listsWhatMatchesOrderedById() {
    // Upper case before lower case, whatever the collation of a database says.
    insert("b", ADA, "mail");
    insert("B", ADA, "chat");
    insert("a-1", Principal.group("ada"), "mail");
    insert("a.1", Principal.user("Ada"), "mail");

    assertThat(ids(null, null, null)).containsExactly("B", "a-1", "a.1", "b");
    assertThat(ids(PROD, ADA, null)).containsExactly("B", "b");
    assertThat(ids(PROD, ADA, MAIL)).containsExactly("b");
    assertThat(ids(null, null, MAIL)).containsExactly("a-1", "a.1", "b");
    assertThat(ids(Environment.of("PROD"), null, null)).isEmpty();
    assertThat(ids(null, Principal.service("ada"), null)).isEmpty();
  }

  @Test
  void updatesAConnectionAndTheNamedCredentials() {
    store.insertConnection(
        connection("c1"), List.of(credential("c1", "entered", 1), credential("c1", "tokens", 7)));

    StoredConnection next = version(connection("c1"), 2);
    assertThat(
            store.updateConnection(
                next, 1, List.of(credential("c1", "tokens", 8), credential("c1", "new", 1))))
        .isTrue();

    assertThat(store.findConnection(next.id())).contains(next);
    assertThat(find("c1", "entered")).contains(credential("c1", "entered", 1));
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 8));
    assertThat(find("c1", "new")).contains(credential("c1", "new", 1));
  }

  @Test
  void anUpdateOfAnotherVersionChangesNothing() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    assertThat(
            store.updateConnection(
                version(connection("c1"), 3), 2, List.of(credential("c1", "tokens", 2))))
        .isFalse();

    assertThat(store.findConnection(ConnectionId.of("c1"))).contains(connection("c1"));
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 1));
  }

  @Test
  void anUpdateWithACredentialThatIsNotNewerChangesNothing() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 4)));

    for (long version : List.of(3L, 4L)) {
      assertThat(
              store.updateConnection(
                  version(connection("c1"), 2),
                  1,
                  List.of(credential("c1", "new", 1), credential("c1", "tokens", version))))
          .isFalse();
    }

    assertThat(store.findConnection(ConnectionId.of("c1"))).contains(connection("c1"));
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 4));
    assertThat(find("c1", "new")).isEmpty();
  }

  @Test
  void doesNotUpdateWhatIsNotThere() {
    assertThat(
            store.updateConnection(
                version(connection("c1"), 2), 1, List.of(credential("c1", "tokens", 1))))
        .isFalse();
    assertThat(store.listConnections(new ConnectionFilter(null, null, null))).isEmpty();
    assertThat(store.countCredentialsByKey()).isEmpty();
  }

  @Test
  void deletesAConnectionWithItsCredentialsAndKeepsItsBindings() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    store.insertConnection(connection("c2"), List.of(credential("c2", "tokens", 1)));
    StoredBinding binding = binding("inbox", null, "c1");
    store.writeBinding(binding);

    assertThat(store.deleteConnection(ConnectionId.of("c1"))).isTrue();

    assertThat(store.findConnection(ConnectionId.of("c1"))).isEmpty();
    assertThat(find("c1", "tokens")).isEmpty();
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 1L));
    assertThat(store.findBinding(binding.key())).contains(binding);
    assertThat(find("c2", "tokens")).isPresent();
    assertThat(store.deleteConnection(ConnectionId.of("c1"))).isFalse();
  }

  @Test
  void credentialsOfADeletedConnectionDoNotComeBackWithItsId() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    store.deleteConnection(ConnectionId.of("c1"));

    store.insertConnection(connection("c1"), List.of());

    assertThat(find("c1", "tokens")).isEmpty();
  }

  @Test
  void refusesCredentialsThatDoNotBelongToTheConnection() {
    store.insertConnection(connection("c2"), List.of());

    List<StoredCredential> foreign = List.of(credential("c2", "tokens", 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.insertConnection(connection("c1"), foreign))
        .withMessageContaining("does not belong to c1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.updateConnection(version(connection("c1"), 2), 1, foreign))
        .withMessageContaining("does not belong to c1");
    assertThat(store.countCredentialsByKey()).isEmpty();
  }

  @Test
  void refusesTwoCredentialsForOneSlot() {
    List<StoredCredential> twice =
        List.of(credential("c1", "tokens", 1), credential("c1", "tokens", 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.insertConnection(connection("c1"), twice))
        .withMessageContaining("named twice");
    assertThat(store.findConnection(ConnectionId.of("c1"))).isEmpty();
  }

  @Test
  void refusesAVersionThatDoesNotFollowTheExpectedOne() {
    store.insertConnection(connection("c1"), List.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.updateConnection(version(connection("c1"), 3), 1, List.of()))
        .withMessage("What replaces version 1 must not have version 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.writeCredential(credential("c1", "tokens", 2), 0))
        .withMessage("What replaces version 0 must not have version 2");
  }

  // Credentials

  @Test
  void writesACredentialOnlyOverTheExpectedVersion() {
    store.insertConnection(connection("c1"), List.of());

    assertThat(store.writeCredential(credential("c1", "tokens", 2), 1)).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0)).isTrue();
    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0)).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 3), 2)).isFalse();
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 1));

    StoredCredential next =
        new StoredCredential(ConnectionId.of("c1"), "tokens", 2, "k2", "rotated");
    assertThat(store.writeCredential(next, 1)).isTrue();
    assertThat(find("c1", "tokens")).contains(next);
  }

  @Test
  void listsTheCredentialsOfOneConnectionOrderedBySlot() {
    store.insertConnection(
        connection("c1"),
        List.of(credential("c1", "tokens", 3), credential("c1", "a", 1), credential("c1", "B", 1)));
    store.insertConnection(connection("c2"), List.of(credential("c2", "tokens", 1)));
    store.insertConnection(connection("c3"), List.of());

    assertThat(store.listCredentials(ConnectionId.of("c1")))
        .containsExactly(
            credential("c1", "B", 1), credential("c1", "a", 1), credential("c1", "tokens", 3));
    assertThat(store.listCredentials(ConnectionId.of("c3"))).isEmpty();
    assertThat(store.listCredentials(ConnectionId.of("c4"))).isEmpty();
  }

  @Test
  void writesNoCredentialForAConnectionThatIsGone() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    store.deleteConnection(ConnectionId.of("c1"));

    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0)).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 2), 1)).isFalse();
    assertThat(store.countCredentialsByKey()).isEmpty();
  }

  @Test
  void countsAndListsCredentialsByKey() {
    store.insertConnection(
        connection("c1"),
        List.of(underKey("c1", "a", "k1"), underKey("c1", "b", "k2"), underKey("c1", "c", "k1")));
    store.insertConnection(connection("c2"), List.of(underKey("c2", "a", "k3")));

    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 2L, "k2", 1L, "k3", 1L));
    assertThat(store.listCredentialsNotUnder("k1", 10))
        .containsExactlyInAnyOrder(underKey("c1", "b", "k2"), underKey("c2", "a", "k3"));
    assertThat(store.listCredentialsNotUnder("k9", 3)).hasSize(3);
    assertThat(store.listCredentialsNotUnder("k9", 0)).isEmpty();
  }

  // Leases

  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration OVER = Duration.ZERO;

  @Test
  @DisplayName("B11: a lease is one owner's until it is given back")
  void aLeaseIsOneOwnersUntilItIsGivenBack() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    assertThat(acquire("c1", 1, "a", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
    assertThat(acquire("c1", 1, "b", LONG)).isEqualTo(LeaseAttempt.HELD);
    assertThat(acquire("c1", 1, "a", LONG))
        .as("not even a second time")
        .isEqualTo(LeaseAttempt.HELD);

    release("c1", "b", false);
    assertThat(acquire("c1", 1, "b", LONG))
        .as("given back by another")
        .isEqualTo(LeaseAttempt.HELD);

    release("c1", "a", false);
    assertThat(acquire("c1", 1, "b", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("B11: slots and connections have leases of their own")
  void slotsAndConnectionsHaveLeasesOfTheirOwn() {
    store.insertConnection(connection("c1"), List.of());
    store.insertConnection(connection("c2"), List.of());
    acquire("c1", 0, "a", LONG);

    assertThat(acquire("c2", 0, "b", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
    assertThat(store.acquireLease(ConnectionId.of("c1"), "entered", 0, "b", LONG))
        .isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("B11: nobody gets a lease on what was replaced meanwhile")
  void nobodyGetsALeaseOnWhatWasReplacedMeanwhile() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 2)));

    assertThat(acquire("c1", 1, "a", LONG)).isEqualTo(LeaseAttempt.OUTDATED);
    assertThat(acquire("c1", 0, "a", LONG)).isEqualTo(LeaseAttempt.OUTDATED);
    assertThat(acquire("c2", 0, "a", LONG)).isEqualTo(LeaseAttempt.GONE);
    assertThat(acquire("c1", 2, "a", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("B12: a lease that has run out goes to the next one, unless it is renewed")
  void aLeaseThatHasRunOutGoesToTheNextOneUnlessItIsRenewed() {
    store.insertConnection(connection("c1"), List.of());
    acquire("c1", 0, "a", OVER);

    assertThat(renew("c1", "b", LONG)).as("by another").isFalse();
    assertThat(renew("c1", "a", LONG)).as("nobody has taken it").isTrue();
    assertThat(acquire("c1", 0, "b", LONG)).isEqualTo(LeaseAttempt.HELD);

    assertThat(renew("c1", "a", OVER)).isTrue();
    assertThat(isAcquired(acquire("c1", 0, "b", LONG))).isTrue();
    assertThat(renew("c1", "a", LONG)).isFalse();
    release("c1", "a", false);
    assertThat(acquire("c1", 0, "c", LONG))
        .as("the first one has no say")
        .isEqualTo(LeaseAttempt.HELD);
  }

  @Test
  @DisplayName("B12: only the owner of the lease writes under it, and only the next version")
  void onlyTheOwnerOfTheLeaseWritesUnderIt() {
    store.insertConnection(connection("c1"), List.of());
    acquire("c1", 0, "a", LONG);

    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0, "b")).isFalse();
    assertThat(find("c1", "tokens")).isEmpty();
    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0, "a")).isTrue();
    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0, "a")).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 2), 1, "b")).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 3), 2, "a")).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 2), 1, "a")).isTrue();
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 2));

    release("c1", "a", false);
    assertThat(store.writeCredential(credential("c1", "tokens", 3), 2, "a")).isFalse();
  }

  @Test
  @DisplayName("B12: an owner whose lease ran out writes as long as nobody has taken it")
  void anOwnerWhoseLeaseRanOutWritesAsLongAsNobodyHasTakenIt() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    acquire("c1", 1, "a", OVER);
    assertThat(store.writeCredential(credential("c1", "tokens", 2), 1, "a")).isTrue();

    acquire("c1", 2, "b", LONG);
    assertThat(store.writeCredential(credential("c1", "tokens", 3), 2, "a")).isFalse();
  }

  @Test
  @DisplayName("B14: who takes over a lease learns that somebody was about to replace the version")
  void whoTakesOverALeaseLearnsThatSomebodyWasAboutToReplaceTheVersion() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));
    acquire("c1", 1, "a", OVER);

    assertThat(acquire("c1", 1, "b", OVER)).isEqualTo(LeaseAttempt.INHERITED);
    store.writeCredential(credential("c1", "tokens", 2), 1, "b");
    assertThat(acquire("c1", 2, "c", LONG)).as("it was replaced").isEqualTo(LeaseAttempt.ACQUIRED);

    release("c1", "c", true);
    assertThat(acquire("c1", 2, "d", LONG))
        .as("what came of it is unknown")
        .isEqualTo(LeaseAttempt.INHERITED);
    release("c1", "d", false);
    assertThat(acquire("c1", 2, "e", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("C10: a deleted connection leaves no lease")
  void aDeletedConnectionLeavesNoLease() {
    store.insertConnection(connection("c1"), List.of());
    acquire("c1", 0, "a", LONG);
    store.deleteConnection(ConnectionId.of("c1"));

    assertThat(renew("c1", "a", LONG)).isFalse();
    assertThat(store.writeCredential(credential("c1", "tokens", 1), 0, "a")).isFalse();
    release("c1", "a", true);
    store.insertConnection(connection("c1"), List.of());
    assertThat(acquire("c1", 0, "b", LONG)).isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("B11: of many who want a lease at once exactly one gets it, first or taken over")
  void ofManyWhoWantALeaseAtOnceExactlyOneGetsIt() throws Exception {
    for (int round = 0; round < 20; round++) {
      String id = "c" + round;
      store.insertConnection(connection(id), List.of());
      List<LeaseAttempt> first = atOnce(8, i -> acquire(id, 0, "first" + i, LONG));
      assertThat(first).filteredOn(ConnectorStoreContract::isAcquired).hasSize(1);

      renew(id, "first" + indexOfWinner(first), OVER);
      List<LeaseAttempt> then = atOnce(8, i -> acquire(id, 0, "then" + i, LONG));
      assertThat(then).filteredOn(ConnectorStoreContract::isAcquired).hasSize(1);
    }
  }

  private static int indexOfWinner(List<LeaseAttempt> attempts) {
    return attempts.indexOf(LeaseAttempt.ACQUIRED);
  }

  private static boolean isAcquired(LeaseAttempt attempt) {
    return attempt == LeaseAttempt.ACQUIRED || attempt == LeaseAttempt.INHERITED;
  }

  protected LeaseAttempt acquire(String connection, long version, String owner, Duration duration) {
    return store.acquireLease(ConnectionId.of(connection), "tokens", version, owner, duration);
  }

  private boolean renew(String connection, String owner, Duration duration) {
    return store.renewLease(ConnectionId.of(connection), "tokens", owner, duration);
  }

  private void release(String connection, String owner, boolean leaveMark) {
    store.releaseLease(ConnectionId.of(connection), "tokens", owner, leaveMark);
  }

  // Bindings

  @Test
  void keepsABindingForEachKeyAndReplacesIt() {
    StoredBinding everybody = binding("inbox", null, "c1");
    StoredBinding ada = binding("inbox", ADA, "c2");
    store.writeBinding(everybody);
    store.writeBinding(ada);

    assertThat(store.findBinding(everybody.key())).contains(everybody);
    assertThat(store.findBinding(ada.key())).contains(ada);

    StoredBinding replaced =
        new StoredBinding(ada.key(), ConnectorId.of("chat"), ConnectionId.of("c3"));
    store.writeBinding(replaced);

    assertThat(store.findBinding(ada.key())).contains(replaced);
    assertThat(store.findBinding(everybody.key())).contains(everybody);
    assertThat(store.deleteBinding(ada.key())).isTrue();
    assertThat(store.deleteBinding(ada.key())).isFalse();
    assertThat(store.findBinding(ada.key())).isEmpty();
    assertThat(store.findBinding(everybody.key())).contains(everybody);
  }

  @Test
  void listsTheBindingsOfAnEnvironmentInOrder() {
    StoredBinding other =
        new StoredBinding(
            new BindingKey(Environment.of("test"), "inbox", null), MAIL, ConnectionId.of("c1"));
    List<StoredBinding> ordered =
        List.of(
            binding("Zoo", null, "c1"),
            binding("inbox", null, "c1"),
            binding("inbox", Principal.group("zed"), "c1"),
            binding("inbox", Principal.user("Zoe"), "c1"),
            binding("inbox", ADA, "c1"));
    store.writeBinding(other);
    for (int i = ordered.size() - 1; i >= 0; i--) {
      store.writeBinding(ordered.get(i));
    }

    assertThat(store.listBindings(PROD)).containsExactlyElementsOf(ordered);
    assertThat(store.listBindings(Environment.of("test"))).containsExactly(other);
    assertThat(store.listBindings(Environment.of("dev"))).isEmpty();
  }

  // Tickets

  @Test
  void aTicketIsTakenOnce() {
    StoredTicket ticket = new StoredTicket("t1", "sealed", NOON.plusNanos(1_234_567));
    assertThat(store.insertTicket(ticket)).isTrue();
    assertThat(store.insertTicket(new StoredTicket("t1", "other", NOON))).isFalse();

    assertThat(store.takeTicket("t2")).isEmpty();
    assertThat(store.takeTicket("t1")).contains(ticket);
    assertThat(store.takeTicket("t1")).isEmpty();
  }

  @Test
  void removesTicketsThatExpiredBeforeNow() {
    store.insertTicket(new StoredTicket("before", "sealed", NOON.minusNanos(1000)));
    store.insertTicket(new StoredTicket("now", "sealed", NOON));
    store.insertTicket(new StoredTicket("after", "sealed", NOON.plusNanos(1000)));

    store.deleteExpiredTickets(NOON.plusNanos(999));

    assertThat(store.takeTicket("before")).isEmpty();
    assertThat(store.takeTicket("now")).isPresent();
    assertThat(store.takeTicket("after")).isPresent();
  }

  @Test
  @Tag("A2")
  void ofTwentyWhoTakeATicketAtOnceExactlyOneGetsIt() throws Exception {
    for (int round = 0; round < 10; round++) {
      StoredTicket ticket = new StoredTicket("t" + round, "sealed", NOON);
      store.insertTicket(ticket);

      List<Optional<StoredTicket>> taken = atOnce(20, i -> store.takeTicket(ticket.id()));

      assertThat(taken.stream().flatMap(Optional::stream)).containsExactly(ticket);
    }
  }

  // Key check

  @Test
  void keepsTheFirstKeyCheckUntilItIsReplaced() {
    assertThat(store.findKeyCheck()).isEmpty();
    assertThat(store.replaceKeyCheck("first", "second")).isFalse();
    assertThat(store.insertKeyCheck("first")).isTrue();
    assertThat(store.insertKeyCheck("second")).isFalse();
    assertThat(store.findKeyCheck()).contains("first");

    assertThat(store.replaceKeyCheck("other", "second")).isFalse();
    assertThat(store.replaceKeyCheck("first", "second")).isTrue();
    assertThat(store.findKeyCheck()).contains("second");
  }

  // Races

  @Test
  @Tag("I4")
  void ofManyWhoReplaceAConnectionExactlyOneWinsEachVersion() throws Exception {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    List<List<Long>> won =
        atOnce(
            8,
            i -> {
              List<Long> versions = new ArrayList<>();
              for (int attempt = 0; attempt < 25; attempt++) {
                StoredConnection seen = store.findConnection(ConnectionId.of("c1")).orElseThrow();
                long next = seen.version() + 1;
                if (store.updateConnection(
                    version(seen, next),
                    seen.version(),
                    List.of(credential("c1", "tokens", next)))) {
                  versions.add(next);
                }
              }
              return versions;
            });

    assertOneWinnerEach(won, store.findConnection(ConnectionId.of("c1")).orElseThrow().version());
    assertThat(find("c1", "tokens").orElseThrow().version())
        .isEqualTo(store.findConnection(ConnectionId.of("c1")).orElseThrow().version());
  }

  @Test
  @Tag("I4")
  void ofManyWhoReplaceACredentialExactlyOneWinsEachVersion() throws Exception {
    store.insertConnection(connection("c1"), List.of());

    List<List<Long>> won =
        atOnce(
            8,
            i -> {
              List<Long> versions = new ArrayList<>();
              for (int attempt = 0; attempt < 25; attempt++) {
                long seen = find("c1", "tokens").map(StoredCredential::version).orElse(0L);
                if (store.writeCredential(credential("c1", "tokens", seen + 1), seen)) {
                  versions.add(seen + 1);
                }
              }
              return versions;
            });

    List<Long> all = won.stream().flatMap(List::stream).sorted().toList();
    assertThat(all).doesNotHaveDuplicates().startsWith(1L);
    assertThat(find("c1", "tokens").orElseThrow().version()).isEqualTo(all.size());
  }

  @Test
  void ofManyWhoInsertAConnectionExactlyOneDoes() throws Exception {
    List<Boolean> inserted =
        atOnce(
            8,
            i -> store.insertConnection(connection("c1"), List.of(credential("c1", "by-" + i, 1))));

    assertThat(inserted).containsOnlyOnce(true);
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 1L));
    assertThat(find("c1", "by-" + inserted.indexOf(true))).isPresent();
  }

  @Test
  void anUpdateAndAFirstCredentialForTheSameSlotDoNotDisturbEachOther() throws Exception {
    for (int round = 0; round < 20; round++) {
      String id = "c" + round;
      store.insertConnection(connection(id), List.of());

      List<Boolean> done =
          atOnce(
              4,
              i ->
                  i == 0
                      ? store.updateConnection(
                          version(connection(id), 2), 1, List.of(credential(id, "tokens", 1)))
                      : store.writeCredential(credential(id, "tokens", 1), 0));

      assertThat(done).containsOnlyOnce(true);
      assertThat(find(id, "tokens")).contains(credential(id, "tokens", 1));
      assertThat(store.findConnection(ConnectionId.of(id)).orElseThrow().version())
          .isEqualTo(done.get(0) ? 2 : 1);
    }
  }

  @Test
  void aDeletionLeavesNoCredentialThatWasWrittenMeanwhile() throws Exception {
    for (int round = 0; round < 20; round++) {
      String id = "c" + round;
      store.insertConnection(connection(id), List.of(credential(id, "tokens", 1)));

      atOnce(
          4,
          i ->
              switch (i) {
                case 0 -> store.deleteConnection(ConnectionId.of(id));
                case 1 -> store.writeCredential(credential(id, "tokens", 2), 1);
                case 2 -> store.writeCredential(credential(id, "new", 1), 0);
                default ->
                    store.updateConnection(
                        version(connection(id), 2), 1, List.of(credential(id, "more", 1)));
              });

      assertThat(store.findConnection(ConnectionId.of(id))).isEmpty();
      assertThat(store.countCredentialsByKey()).isEmpty();
    }
  }

  @Test
  void manyWhoBindAndUnbindAtOnceSeeNoError() throws Exception {
    StoredBinding binding = binding("inbox", null, "c1");
    atOnce(
        8,
        i -> {
          for (int n = 0; n < 10; n++) {
            if (i % 2 == 0) {
              store.writeBinding(binding);
            } else {
              store.deleteBinding(binding.key());
            }
          }
          return true;
        });
    store.writeBinding(binding);

    assertThat(store.listBindings(PROD)).containsExactly(binding);
  }

  @Test
  void ofManyWhoStoreTheFirstKeyCheckExactlyOneDoes() throws Exception {
    List<Boolean> stored = atOnce(8, i -> store.insertKeyCheck("check " + i));

    assertThat(stored).containsOnlyOnce(true);
    assertThat(store.findKeyCheck()).contains("check " + stored.indexOf(true));
  }

  @Test
  @Tag("B14")
  void writesWhatItIsGivenEvenIfTheThreadIsInterruptedAndLeavesTheFlagSet() {
    store.insertConnection(connection("c1"), List.of(credential("c1", "tokens", 1)));

    Thread.currentThread().interrupt();
    boolean written = store.writeCredential(credential("c1", "tokens", 2), 1);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(written).isTrue();
    assertThat(find("c1", "tokens")).contains(credential("c1", "tokens", 2));
  }

  // Texts

  static Stream<String> hostileTexts() {
    return Stream.of(
        "'",
        "''",
        "\"",
        "`",
        "\\",
        "\\'",
        "'; DROP TABLE connector_connection; --",
        "' OR '1'='1",
        "\" OR \"\"=\"",
        "') OR ('1'='1",
        "1; SELECT pg_sleep(10)",
        "1 UNION SELECT * FROM connector_credential",
        "/* comment */",
        "-- comment",
        "# comment",
        "?",
        "??",
        ":name",
        "$1",
        "${prefix}",
        "{fn now()}",
        "{d '2020-01-01'}",
        "%",
        "_",
        "$$; DROP TABLE x; $$",
        "E'\\x41'",
        "U&'\\0041'",
        "\u0001\u001f\u007f",
        "line\nbreak\r\nand\ttab",
        "\u202eabc",
        "ﬀ Å Å ẞ",
        "😀 \ud834\udd1e",
        " leading and trailing ",
        "null",
        "NULL");
  }

  @ParameterizedTest
  @MethodSource("hostileTexts")
  @Tag("I8")
  void storesAnyTextAndReadsItBackUnchanged(String text) {
    Principal owner = Principal.user("x" + text);
    StoredConnection connection =
        new StoredConnection(
            new Identity(ConnectionId.of("c1"), MAIL, PROD, owner),
            new Settings(text, text, text, null),
            new Access(
                ConnectionStatus.notConnected(
                    ConnectionStatus.State.ERROR,
                    ConnectionStatus.Reason.CONFIGURATION,
                    text,
                    NOON),
                new Account(text, text),
                List.of()),
            Revision.first(NOON));
    StoredCredential credential = new StoredCredential(connection.id(), text, 1, text, text);
    StoredBinding binding =
        new StoredBinding(new BindingKey(PROD, text, owner), MAIL, connection.id());
    StoredTicket ticket = new StoredTicket(text, text, NOON);

    store.insertConnection(connection, List.of(credential));
    store.writeBinding(binding);
    store.insertTicket(ticket);
    store.insertKeyCheck(text);

    assertThat(store.findConnection(connection.id())).contains(connection);
    assertThat(store.listConnections(new ConnectionFilter(null, owner, null)))
        .containsExactly(connection);
    assertThat(store.findCredential(connection.id(), text)).contains(credential);
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of(text, 1L));
    assertThat(store.listCredentialsNotUnder(text, 9)).isEmpty();
    assertThat(store.findBinding(binding.key())).contains(binding);
    assertThat(store.listBindings(PROD)).containsExactly(binding);
    assertThat(store.takeTicket(text)).contains(ticket);
    assertThat(store.findKeyCheck()).contains(text);
  }

  @Test
  void keepsEmptyAndLongTextsApartFromNone() {
    StoredConnection empty =
        new StoredConnection(
            new Identity(ConnectionId.of("c1"), MAIL, PROD, ADA),
            new Settings("", "", "x".repeat(1_000_000), null),
            new Access(
                new ConnectionStatus(ConnectionStatus.State.CONNECTED, null, "", NOON),
                new Account("", ""),
                List.of()),
            Revision.first(NOON));
    store.insertConnection(empty, List.of());

    assertThat(store.findConnection(empty.id())).contains(empty);
  }

  @Test
  void namesMayBeAsLongAsTheirRulesAllow() {
    String longest = "x".repeat(200);
    StoredConnection connection =
        new StoredConnection(
            new Identity(
                ConnectionId.of(longest),
                ConnectorId.of(longest),
                Environment.of(longest),
                Principal.service("😀".repeat(100))),
            new Settings(longest, longest, "{}", null),
            Access.of(ConnectionStatus.connected(NOON)),
            Revision.first(NOON));
    StoredCredential credential =
        new StoredCredential(
            connection.id(), "€".repeat(200), 1, "€".repeat(100), "x".repeat(65_536));
    StoredBinding binding =
        new StoredBinding(
            new BindingKey(connection.environment(), "€".repeat(200), connection.owner()),
            connection.connector(),
            connection.id());

    store.insertConnection(connection, List.of(credential));
    store.writeBinding(binding);

    assertThat(store.findConnection(connection.id())).contains(connection);
    assertThat(store.findCredential(connection.id(), credential.slot())).contains(credential);
    assertThat(store.findBinding(binding.key())).contains(binding);
  }

  @Test
  void textsThatNotEveryDatabaseCanKeepNeverReachAStore() {
    for (String bad : List.of("a\0b", "\ud834", "\udd1e\ud834", "x".repeat(1_000_001))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> with(connection("c1"), ADA, "mail", bad, null, NOON))
          .withMessageStartingWith("Display name must ");
      assertThatIllegalArgumentException().isThrownBy(() -> new StoredTicket(bad, "", NOON));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StoredTicket("", "", NOON))
        .withMessage("Ticket id must be 1 to 200 characters long, but has 0");
  }

  // Helpers

  protected static StoredConnection connection(String id) {
    return connection(id, NOON);
  }

  protected static StoredConnection connection(String id, Instant at) {
    return new StoredConnection(
        new Identity(ConnectionId.of(id), MAIL, PROD, ADA),
        new Settings("Ada's mail", "oauth", "{}", null),
        Access.of(ConnectionStatus.connected(at)),
        Revision.first(at));
  }

  protected static StoredCredential credential(String connection, String slot, long version) {
    return new StoredCredential(
        ConnectionId.of(connection), slot, version, "k1", "sealed " + slot + " " + version);
  }

  protected static StoredConnection version(StoredConnection from, long version) {
    Settings settings = from.settings();
    return new StoredConnection(
        from.identity(),
        new Settings(
            "version " + version,
            settings.authOption(),
            settings.parameters(),
            settings.credentialExpiresAt()),
        from.access(),
        new Revision(version, from.revision().createdAt(), NOON.plusSeconds(version)));
  }

  protected Optional<StoredCredential> find(String connection, String slot) {
    return store.findCredential(ConnectionId.of(connection), slot);
  }

  /** Does something in many threads that start together, and returns what each returned. */
  protected static <T> List<T> atOnce(int threads, Step<T> step) throws Exception {
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<T>> steps = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        steps.add(
            () -> {
              start.await();
              return step.run(number);
            });
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : pool.invokeAll(steps)) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** What one of several threads does. */
  @FunctionalInterface
  protected interface Step<T> {
    T run(int number) throws Exception;
  }

  private static void assertOneWinnerEach(List<List<Long>> won, long last) {
    Map<Long, Integer> winners =
        won.stream()
            .flatMap(List::stream)
            .collect(toMap(version -> version, version -> 1, Integer::sum, TreeMap::new));
    assertThat(winners.values()).isNotEmpty().containsOnly(1);
    assertThat(winners).hasSize((int) last - 1).containsKey(last);
  }

  private void insert(String id, Principal owner, String connector) {
    store.insertConnection(with(connection(id), owner, connector, id, null, NOON), List.of());
  }

  private List<String> ids(Environment environment, Principal owner, ConnectorId connector) {
    return store.listConnections(new ConnectionFilter(environment, owner, connector)).stream()
        .map(found -> found.id().value())
        .toList();
  }

  private static StoredConnection with(
      StoredConnection from,
      Principal owner,
      String connector,
      String displayName,
      Account account,
      Instant at) {
    return new StoredConnection(
        new Identity(from.id(), ConnectorId.of(connector), from.environment(), owner),
        new Settings(displayName, from.authOption(), from.parameters(), at),
        Access.of(ConnectionStatus.connected(at)).withAccount(account),
        new Revision(from.version(), at, at));
  }

  private static StoredCredential underKey(String connection, String slot, String keyId) {
    return new StoredCredential(ConnectionId.of(connection), slot, 1, keyId, "sealed");
  }

  private static StoredBinding binding(String name, Principal principal, String connection) {
    return new StoredBinding(
        new BindingKey(PROD, name, principal), MAIL, ConnectionId.of(connection));
  }
}
