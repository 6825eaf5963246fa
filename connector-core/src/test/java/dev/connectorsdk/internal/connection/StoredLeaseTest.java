package dev.connectorsdk.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.LeaseAttempt;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** How long a lease lasts. */
@Tag("B11")
@Tag("B12")
class StoredLeaseTest {

  private static final ConnectionId ID = ConnectionId.of("c1");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @AutoClose private final Workers workers = new Workers();
  private final ConnectorStore store = new InMemoryStore();
  private final List<Duration> renewedFor = new ArrayList<>();
  private final StoredConnection row =
      new StoredConnection(
          new Identity(ID, ConnectorId.of("mail"), Environment.of("dev"), Principal.user("ada")),
          new Settings("Mail", "oauth2", "{}", null),
          Access.of(ConnectionStatus.connected(NOON)),
          Revision.first(NOON));
  private final ConnectionBox box =
      new CredentialBox(KeyRing.random(), JsonMapper.shared(), any -> "").anew(row, 1, Map.of());
  private long seconds;

  @BeforeEach
  void aConnectionWhoseTokenIsLeased() {
    store.insertConnection(
        row, List.of(box.sealEntered(1), box.seal(StoredVault.ACQUIRED, 1, Map.of())));
    assertThat(store.acquireLease(ID, StoredVault.ACQUIRED, 1, "a", StoredLease.DURATION))
        .isEqualTo(LeaseAttempt.ACQUIRED);
  }

  private StoredLease lease() {
    return new StoredLease(
        watched(),
        (version, values) -> box.sealAcquired(version, values, Renewal.NEVER),
        ID,
        "a",
        false,
        workers,
        () -> {},
        () -> Duration.ofSeconds(seconds).toNanos());
  }

  /** The store, which notes for how long the lease is renewed. */
  private ConnectorStore watched() {
    return (ConnectorStore)
        Proxy.newProxyInstance(
            ConnectorStore.class.getClassLoader(),
            new Class<?>[] {ConnectorStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("renewLease")) {
                renewedFor.add((Duration) arguments[3]);
              }
              return method.invoke(store, arguments);
            });
  }

  @Test
  @DisplayName("B11, B12: it is renewed for 15 s at a time, for at most 90 s in all")
  void itIsRenewedFor15SecondsAtATimeForAtMost90InAll() {
    try (StoredLease lease = lease()) {
      for (seconds = 5; seconds <= 300; seconds += 5) {
        lease.renew();
      }

      assertThat(renewedFor).hasSize(75 / 5).containsOnly(Duration.ofSeconds(15));
    }
  }

  @Test
  @DisplayName("B12: after that it is confirmed no more, and another node has its turn")
  void afterThatItIsConfirmedNoMore() {
    try (StoredLease lease = lease()) {
      seconds = 75;
      assertThat(lease.confirm(1)).isTrue();

      seconds = 76;
      assertThat(lease.confirm(1)).isFalse();
    }
    assertThat(store.acquireLease(ID, StoredVault.ACQUIRED, 1, "b", StoredLease.DURATION))
        .isEqualTo(LeaseAttempt.ACQUIRED);
  }

  @Test
  @DisplayName("B12: a lease that another node has taken is neither confirmed nor renewed")
  void aLeaseThatAnotherNodeHasTakenIsNotConfirmed() {
    try (StoredLease lease = lease()) {
      store.releaseLease(ID, StoredVault.ACQUIRED, "a", true);
      assertThat(store.acquireLease(ID, StoredVault.ACQUIRED, 1, "b", StoredLease.DURATION))
          .isEqualTo(LeaseAttempt.INHERITED);

      assertThat(lease.confirm(1)).isFalse();
      lease.renew();
    }
    assertThat(store.acquireLease(ID, StoredVault.ACQUIRED, 1, "c", StoredLease.DURATION))
        .as("it is the other node's still")
        .isEqualTo(LeaseAttempt.HELD);
  }

  @Test
  @DisplayName("B12: it is not confirmed for a grant that a sign-in has replaced meanwhile")
  void itIsNotConfirmedForAGrantThatASignInHasReplaced() {
    try (StoredLease lease = lease()) {
      assertThat(store.writeCredential(box.seal(StoredVault.ACQUIRED, 2, Map.of()), 1)).isTrue();

      assertThat(lease.confirm(1)).isFalse();
      assertThat(lease.confirm(2)).isTrue();
    }
  }

  @Test
  @DisplayName("B12: it is not confirmed for a connection that is disabled meanwhile")
  void itIsNotConfirmedForAConnectionThatIsDisabledMeanwhile() {
    try (StoredLease lease = lease()) {
      var disabled = ConnectionStatus.disabled(Principal.user("root"), "It has leaked", NOON);
      StoredConnection next = row.next(NOON).with(row.access().withDisabled(disabled));
      assertThat(store.updateConnection(next, 1, List.of())).isTrue();

      assertThatExceptionOfType(AuthenticationException.class)
          .isThrownBy(() -> lease.confirm(1))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.DISABLED));
    }
  }
}
