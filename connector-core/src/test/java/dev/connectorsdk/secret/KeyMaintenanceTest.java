package dev.connectorsdk.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthStrategy.Renewal;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.ConnectorStore;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Access;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Identity;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Revision;
import dev.connectorsdk.api.spi.ConnectorStore.StoredConnection.Settings;
import dev.connectorsdk.api.spi.ConnectorStore.StoredCredential;
import dev.connectorsdk.api.spi.SecretCipher;
import dev.connectorsdk.api.spi.TriggerStore;
import dev.connectorsdk.api.spi.TriggerStore.Load;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.SealedField.Kind;
import dev.connectorsdk.api.spi.TriggerStore.StoredEvent;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.secret.KeyMaintenance.Reencryption;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyMaintenanceTest {

  private static final byte[] KEY_1 = HexFormat.of().parseHex("0123456789abcdef".repeat(4));
  private static final byte[] KEY_2 = HexFormat.of().parseHex("fedcba9876543210".repeat(4));

  private final ConnectorStore store = new InMemoryStore();
  private final KeyRing first = KeyRing.of("k1", KEY_1);
  private final KeyRing rotated = KeyRing.of("k2", KEY_2).withRetired("k1", KEY_1);
  private final KeyRing second = KeyRing.of("k2", KEY_2);

  // Check at the start

  @Test
  @Tag("C5")
  void theKeysThatWroteAStoreFitIt() {
    KeyMaintenance.checkKeys(store, first);
    String check = store.findKeyCheck().orElseThrow();

    KeyMaintenance.checkKeys(store, first);
    KeyMaintenance.checkKeys(store, rotated);

    assertThat(store.findKeyCheck()).contains(check);
  }

  @Test
  @Tag("C5")
  void aWrongKeyStopsTheStartAndChangesNothing() {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 100);
    List<StoredCredential> before = store.listCredentialsNotUnder("", 1000);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyMaintenance.checkKeys(store, KeyRing.of("k1", KEY_2)))
        .withMessage(
            "These are not the keys that the store was written with. Its check value was encrypted"
                + " with key 'k1', and nothing was changed. The secret 'key-check' of 'key-check',"
                + " version 1 cannot be decrypted: key 'k1' does not open it: it was changed, or"
                + " encrypted with another key of this id.");
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyMaintenance.checkKeys(store, second))
        .withMessageEndingWith("key 'k1' is not in the key ring, which has [k2].");

    assertThat(store.listCredentialsNotUnder("", 1000)).isEqualTo(before);
    KeyMaintenance.checkKeys(store, first);
    assertThat(before)
        .hasSize(100)
        .allSatisfy(credential -> assertThat(open(first, credential)).isNotNull());
  }

  @Test
  @Tag("C5")
  void aStoreWithSecretsOfOtherKeysIsNotTakenOverWhereTheCheckIsMissing() {
    insert(first, 3);

    for (KeyRing wrong : List.of(second, KeyRing.of("k1", KEY_2), KeyRing.random())) {
      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> KeyMaintenance.checkKeys(store, wrong))
          .withMessage(
              "These are not the keys that the store was written with. It has no check value, but"
                  + " credentials that cannot be decrypted, encrypted with [k1]. Nothing was"
                  + " changed.");
      assertThat(store.findKeyCheck()).isEmpty();
    }
  }

  @Test
  @Tag("C5")
  void whenACredentialWasRenewedIsKeptUnderTheNextKey() {
    Renewal renewal = Renewal.at(Instant.parse("2026-03-01T12:00:00Z"));
    insert(sealed(first, "c1", 1, "secret").with(renewal));

    KeyMaintenance.reencrypt(store, rotated, 10);

    assertThat(find("c1"))
        .returns("k2", StoredCredential::keyId)
        .returns(renewal, StoredCredential::renewal);
  }

  @Test
  @Tag("C5")
  void oneDamagedSecretDoesNotStopTheStart() {
    insert(first, 100);
    damage("c7");

    KeyMaintenance.checkKeys(store, first);

    assertThat(store.findKeyCheck()).isPresent();
  }

  @Test
  @Tag("C5")
  void aDamagedCheckValueStopsTheStart() {
    for (String damaged : List.of("", "k1", "k1\n", "k1\nnot.a.jwe", "\n\n")) {
      ConnectorStore damagedStore = new InMemoryStore();
      damagedStore.insertKeyCheck(damaged);

      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> KeyMaintenance.checkKeys(damagedStore, first));
      assertThat(damagedStore.findKeyCheck()).contains(damaged);
    }
  }

  @Test
  @Tag("C5")
  void theCheckValueOfAProcessThatWasQuickerIsLookedAt() {
    SecretCipher overtaken =
        new After(first, 0) {
          @Override
          void act() {
            KeyMaintenance.checkKeys(store, second);
          }
        };

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyMaintenance.checkKeys(store, overtaken))
        .withMessageStartingWith("These are not the keys that the store was written with.");
  }

  // Sweep

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 500})
  @Tag("C3")
  void bringsEverySecretUnderTheCurrentKey(int batch) {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 10);

    assertThat(KeyMaintenance.reencrypt(store, rotated, batch))
        .isEqualTo(new Reencryption(10, 0, true));

    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k2", 10L));
    List<StoredCredential> all = store.listCredentialsNotUnder("", 100);
    assertThat(all).hasSize(10);
    for (StoredCredential credential : all) {
      assertThat(credential.version()).isEqualTo(2);
      assertThat(open(second, credential)).isEqualTo("secret of " + credential.connection());
    }
    KeyMaintenance.checkKeys(store, second);
    assertThat(KeyMaintenance.reencrypt(store, second, batch))
        .isEqualTo(new Reencryption(0, 0, true));
  }

  @Test
  @Tag("C3")
  void aSweepThatBreaksOffTwiceIsResumed() {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 10_000);

    for (long done : new long[] {3_700, 7_400}) {
      assertThatIllegalStateException()
          .isThrownBy(() -> KeyMaintenance.reencrypt(store, failingAfter(3_700), 500));
      assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 10_000 - done, "k2", done));
      assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
    }
    assertThat(store.listCredentialsNotUnder("", 10_000))
        .hasSize(10_000)
        .allSatisfy(
            credential ->
                assertThat(open(rotated, credential))
                    .isEqualTo("secret of " + credential.connection()));

    assertThat(KeyMaintenance.reencrypt(store, rotated, 500))
        .isEqualTo(new Reencryption(2_600, 0, true));
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k2", 10_000L));
  }

  private SecretCipher failingAfter(int encryptions) {
    return new After(rotated, encryptions) {
      @Override
      void act() {
        throw new IllegalStateException("the key service is down");
      }
    };
  }

  @Test
  @Tag("C3")
  void aSweepStopsWhenTheThreadIsInterrupted() {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 20);
    SecretCipher interrupting =
        new After(rotated, 7) {
          @Override
          void act() {
            Thread.currentThread().interrupt();
          }
        };

    Reencryption stopped = KeyMaintenance.reencrypt(store, interrupting, 5);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped).isEqualTo(new Reencryption(8, 0, false));
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
    assertThat(KeyMaintenance.reencrypt(store, rotated, 5))
        .isEqualTo(new Reencryption(12, 0, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 500})
  @Tag("C5")
  void aSweepLeavesAloneWhatItCannotRead(int batch) {
    insert(first, 10);
    List.of("c0", "c1", "c5").forEach(this::damage);
    StoredCredential damaged = find("c1");

    assertThat(KeyMaintenance.reencrypt(store, rotated, batch))
        .isEqualTo(new Reencryption(7, 3, true));

    assertThat(find("c1")).isEqualTo(damaged);
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 3L, "k2", 7L));
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
  }

  @Test
  @Tag("I4")
  void aSweepDoesNotOverwriteWhatSomebodyWroteMeanwhile() {
    insert(first, 1);
    SecretCipher slow =
        new After(rotated, 0) {
          @Override
          void act() {
            // Between reading and writing, another process stores a newer secret.
            if (find("c0").version() == 1) {
              store.writeCredential(sealed(first, "c0", 2, "newer"), 1);
            }
          }
        };

    assertThat(KeyMaintenance.reencrypt(store, slow, 5)).isEqualTo(new Reencryption(1, 0, true));

    assertThat(find("c0").version()).isEqualTo(3);
    assertThat(open(second, find("c0"))).isEqualTo("newer");
  }

  @Test
  void aSweepWithWrongKeysFailsAtTheCheckValueAndLeavesIt() {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 3);
    String check = store.findKeyCheck().orElseThrow();

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyMaintenance.reencrypt(store, second, 5));

    assertThat(store.findKeyCheck()).contains(check);
    assertThat(store.countCredentialsByKey()).isEqualTo(Map.of("k1", 3L));
  }

  @Test
  void refusesABatchOfNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyMaintenance.reencrypt(store, first, 0))
        .withMessage("A batch must be at least 1, but was 0");
  }

  // Retiring

  @Test
  @Tag("C4")
  void aKeyIsRetirableOnceNothingIsEncryptedWithIt() {
    KeyMaintenance.checkKeys(store, first);
    insert(first, 3);

    assertThat(KeyMaintenance.countRecordsUnder(store, "k1")).isEqualTo(4);
    assertThat(KeyMaintenance.countRecordsUnder(store, "k2")).isZero();
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k2")).isFalse();

    KeyMaintenance.reencrypt(store, rotated, 500);

    assertThat(KeyMaintenance.countRecordsUnder(store, "k1")).isZero();
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isTrue();
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k2")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500})
  @DisplayName("C5: cursors, registrations and events come under the current key too")
  void cursorsRegistrationsAndEventsComeUnderTheCurrentKeyToo(int batch) {
    TriggerStore triggers = store.triggers();
    KeyMaintenance.checkKeys(store, first);
    triggers.insertSubscription(subscription(), null);
    List<NewEvent> events =
        List.of(
            new NewEvent("e1", "e1", sealed(Kind.PAYLOAD, "e1")),
            new NewEvent("e\n2", "e\n2", sealed(Kind.PAYLOAD, "e\n2")),
            new NewEvent("bad", "bad", new Sealed("k1", "damaged")));
    triggers.deliver("s1", events, new Load(10, 10_000));
    assertThat(KeyMaintenance.countRecordsUnder(store, "k1")).isEqualTo(6);

    Reencryption done = KeyMaintenance.reencrypt(store, rotated, batch);

    assertThat(done).isEqualTo(new Reencryption(4, 1, true));
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
    StoredSubscription row = triggers.findSubscription("s1").orElseThrow();
    assertThat(row.progress().cursor().open(second, Kind.CURSOR.of("s1", "")).reveal())
        .isEqualTo("CURSOR of ");
    assertThat(row.registration().open(second, Kind.REGISTRATION.of("s1", "")).reveal())
        .isEqualTo("REGISTRATION of ");
    for (StoredEvent event : triggers.listEvents("s1", null, 0, 2)) {
      String id = event.event().id();
      assertThat(event.event().payload().open(second, Kind.PAYLOAD.of("s1", id)).reveal())
          .isEqualTo("PAYLOAD of " + id);
    }
  }

  private StoredSubscription subscription() {
    return new StoredSubscription(
        "s1",
        1,
        new TriggerStore.Subject(
            Environment.of("prod"), "triage", ConnectorId.of("tasks"), "inbox", "done", "log", ""),
        "{}",
        new TriggerStore.Life("ACTIVE", "", true),
        sealed(Kind.REGISTRATION, ""),
        TriggerStore.Progress.NONE.with(sealed(Kind.CURSOR, "")),
        TriggerStore.Outcome.NONE);
  }

  private Sealed sealed(Kind kind, String event) {
    return Sealed.of(first, Secret.of(kind + " of " + event), kind.of("s1", event));
  }

  @Test
  @Tag("C4")
  void aKeyThatOnlyTheCheckValueNeedsIsNotRetirable() {
    KeyMaintenance.checkKeys(store, first);

    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isFalse();
    KeyMaintenance.reencrypt(store, rotated, 500);
    assertThat(KeyMaintenance.isRetirable(store, rotated, "k1")).isTrue();
  }

  /** A cipher where something happens before each encryption from some number on. */
  private abstract static class After implements SecretCipher {

    private final SecretCipher cipher;
    private int quiet;

    After(SecretCipher cipher, int quiet) {
      this.cipher = cipher;
      this.quiet = quiet;
    }

    abstract void act();

    @Override
    public String encrypt(Secret plaintext, Place place) {
      if (quiet-- <= 0) {
        act();
      }
      return cipher.encrypt(plaintext, place);
    }

    @Override
    public Secret decrypt(String ciphertext, Place place) {
      return cipher.decrypt(ciphertext, place);
    }

    @Override
    public String currentKeyId() {
      return cipher.currentKeyId();
    }
  }

  private void insert(SecretCipher cipher, int connections) {
    for (int i = 0; i < connections; i++) {
      insert(sealed(cipher, "c" + i, 1, "secret of c" + i));
    }
  }

  private void insert(StoredCredential credential) {
    Instant now = Instant.EPOCH;
    store.insertConnection(
        new StoredConnection(
            new Identity(
                credential.connection(),
                ConnectorId.of("mail"),
                Environment.of("prod"),
                Principal.user("ada")),
            new Settings("Mail", "key", "{}", null),
            Access.of(ConnectionStatus.connected(now)),
            Revision.first(now)),
        List.of(credential));
  }

  private void damage(String connection) {
    StoredCredential whole = find(connection);
    store.deleteConnection(whole.connection());
    insert(
        new StoredCredential(
            whole.connection(), whole.slot(), whole.version(), whole.keyId(), "damaged"));
  }

  private StoredCredential find(String connection) {
    return store.findCredential(ConnectionId.of(connection), "tokens").orElseThrow();
  }

  private static StoredCredential sealed(
      SecretCipher cipher, String connection, long version, String secret) {
    return new StoredCredential(
        ConnectionId.of(connection),
        "tokens",
        version,
        cipher.currentKeyId(),
        cipher.encrypt(Secret.of(secret), new SecretCipher.Place(connection, "tokens", version)));
  }

  private static String open(SecretCipher cipher, StoredCredential credential) {
    return cipher.decrypt(credential.ciphertext(), credential.place()).reveal();
  }
}
