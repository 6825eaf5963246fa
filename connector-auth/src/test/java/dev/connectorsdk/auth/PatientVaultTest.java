package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.CredentialVault.Credentials;
import dev.connectorsdk.api.auth.CredentialVault.Lease;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.error.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens whose predecessors are spent are stored, whatever happens to the store and the lease. */
@Tag("B14")
@Tag("B15")
class PatientVaultTest {

  private final TestConnection connection = new TestConnection();
  private final TestVault vault = connection.vault();
  private final PatientVault patient = new PatientVault(connection);
  private final TokenSet next = tokens("t1", "r1");
  private Credentials read;
  private Lease lease;

  @BeforeEach
  void tokensAndALeaseOnThem() {
    vault.put(tokens("t0", "r0"));
    read = vault.read();
    lease = leased();
  }

  private TokenSet tokens(String accessToken, String refreshToken) {
    return new TokenSet(
        Secret.of(accessToken),
        Secret.of(refreshToken),
        connection.clock.instant(),
        null,
        List.of());
  }

  private Lease leased() {
    return vault.lease(vault.version(), Duration.ZERO).orElseThrow();
  }

  private boolean isStored() {
    return patient.store(next, read, lease);
  }

  private void assertHolds(String refreshToken) {
    assertThat(vault.get("refresh_token")).isEqualTo(refreshToken);
  }

  /** Stores the same values once more, as if they had been encrypted with another key. */
  private void encryptAnew() {
    vault.put(read.values());
  }

  @Test
  void whatNobodyHasReplacedIsStored() {
    assertThat(isStored()).isTrue();

    assertHolds("r1");
    assertThat(connection.clock.pauses()).isEmpty();
    assertThat(vault.reads).as("none further").isEqualTo(1);
  }

  // A store that fails

  @Test
  @DisplayName("B15: a store that fails is written again for 30 s, after pauses of up to 8 s")
  void aStoreThatFailsIsWrittenAgain() {
    vault.failWrites(6);

    assertThat(isStored()).isTrue();

    assertHolds("r1");
    assertThat(connection.clock.pauses())
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 8_000L);
  }

  @Test
  @DisplayName("B15: a store that fails for longer than that is given up")
  void aStoreThatFailsForLongerIsGivenUp() {
    vault.failWrites(7);

    assertThatExceptionOfType(StoreException.class).isThrownBy(this::isStored);
    assertHolds("r0");
  }

  @ParameterizedTest
  @CsvSource({"28500, 2", "28501, 1"})
  @DisplayName("B15: no attempt begins later than 30 s after the first, however long each takes")
  void noAttemptBeginsLaterThanThat(long millis, int pauses) {
    vault.failWrites(100);
    connection.duringPauses(() -> connection.clock.advance(Duration.ofMillis(millis)));

    assertThatExceptionOfType(StoreException.class).isThrownBy(this::isStored);

    assertThat(connection.clock.pauses()).hasSize(pauses);
  }

  @Test
  @DisplayName("B15: what seems to fail for good is written again, but neither read nor confirmed")
  void whatSeemsToFailForGoodIsWrittenAgain() {
    vault.failForGood();
    vault.failWrites(1);
    assertThat(isStored()).isTrue();
    assertThat(connection.clock.pauses()).hasSize(1);

    vault.down(true);
    assertThatExceptionOfType(StoreException.class).isThrownBy(patient::read);
    assertThatExceptionOfType(StoreException.class)
        .isThrownBy(() -> patient.confirm(lease, vault.version()));
    assertThat(connection.clock.pauses()).as("no further one").hasSize(1);
  }

  @Test
  @DisplayName("B15: a store that is down for a moment is read, and a lease confirmed, afterwards")
  void aStoreThatIsDownForAMomentIsReadAfterwards() {
    connection.duringPauses(() -> vault.down(false));

    vault.down(true);
    assertThat(patient.read()).isEqualTo(read);
    vault.down(true);
    assertThat(patient.confirm(lease, read.version())).isTrue();
    assertThat(connection.clock.pauses()).hasSize(2);

    assertThat(patient.confirm(lease, read.version() + 1)).isFalse();
  }

  @Test
  @DisplayName("B15: a write whose confirmation was lost is a write")
  void aWriteWhoseConfirmationWasLostIsAWrite() {
    vault.loseConfirmations(1);

    assertThat(isStored()).isTrue();

    assertHolds("r1");
    assertThat(vault.writes).isEqualTo(1);
  }

  // Others who write

  @Test
  @DisplayName("B14: tokens that somebody else has stored meanwhile stay")
  void tokensThatSomebodyElseHasStoredStay() {
    vault.put(tokens("t9", "r9"));

    assertThat(isStored()).isFalse();

    assertHolds("r9");
  }

  @ParameterizedTest
  @CsvSource({"5, true", "6, false"})
  @DisplayName("B14: what was only encrypted anew is replaced, at the sixth attempt at the latest")
  void whatWasOnlyEncryptedAnewIsReplaced(int times, boolean stored) {
    encryptAnew();
    AtomicInteger left = new AtomicInteger(times - 1);
    vault.afterRead(
        () -> {
          if (left.getAndDecrement() > 0) {
            encryptAnew();
          }
        });

    if (stored) {
      assertThat(isStored()).isTrue();
      assertHolds("r1");
    } else {
      assertThatExceptionOfType(ConflictException.class)
          .isThrownBy(this::isStored)
          .withMessageContaining("The stored credential of connection 'c1'");
    }
  }

  @Test
  @DisplayName("B14: nothing is stored for a connection that was deleted meanwhile")
  void nothingIsStoredForAConnectionThatWasDeleted() {
    vault.delete();

    assertThatExceptionOfType(NotFoundException.class)
        .isThrownBy(this::isStored)
        .withMessageContaining("It was deleted in the meantime.");
  }

  // A lease that was lost

  @Test
  @DisplayName("B12: whose lease was lost takes it once more, stores and gives it back")
  void whoseLeaseWasLostTakesItOnceMore() {
    vault.loseLease();

    assertThat(isStored()).isTrue();

    assertHolds("r1");
    assertThat(vault.leases).isEqualTo(2);
    assertThat(vault.isLeased()).isFalse();
  }

  @Test
  @DisplayName("B12: so it does if the same values were encrypted anew before")
  void soItDoesIfTheSameValuesWereEncryptedAnewBefore() {
    vault.loseLease();
    vault.beforeLease(this::encryptAnew);

    assertThat(isStored()).isTrue();

    assertHolds("r1");
  }

  @Test
  @DisplayName("B12: who had the lease meanwhile and stored other tokens has the last word")
  void whoHadTheLeaseMeanwhileHasTheLastWord() {
    vault.loseLease();
    vault.beforeLease(() -> vault.put(tokens("t9", "r9")));

    assertThat(isStored()).isFalse();

    assertHolds("r9");
  }

  @Test
  @DisplayName("B12: so has who stored other tokens after the lease was lost a second time")
  void soHasWhoStoredAfterTheLeaseWasLostASecondTime() {
    vault.loseLease();
    vault.beforeLease(() -> vault.failWrites(1));
    connection.duringPauses(
        () -> {
          vault.loseLease();
          vault.put(tokens("t9", "r9"));
        });

    assertThat(isStored()).isFalse();

    assertHolds("r9");
  }

  @Test
  @DisplayName("B12: whose lease is lost again and again gives up after the sixth")
  void whoseLeaseIsLostAgainAndAgainGivesUp() {
    vault.loseLease();
    loseEachLeaseWhileItsFirstWriteFails();

    assertThatExceptionOfType(ConflictException.class).isThrownBy(this::isStored);

    assertThat(vault.leases).isEqualTo(6);
    assertHolds("r0");
  }

  private void loseEachLeaseWhileItsFirstWriteFails() {
    vault.beforeLease(
        () -> {
          vault.failWrites(1);
          loseEachLeaseWhileItsFirstWriteFails();
        });
    connection.duringPauses(vault::loseLease);
  }
}
