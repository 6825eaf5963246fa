package dev.connectorsdk.internal.gateway.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.SecretUnreadableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway's key gets to its members, and to nobody else. */
class KeyHandOverTest {

  @TempDir Path temp;
  private final SealingKey key = SealingKey.random();

  private MemberKeys member(String name) {
    return MemberKeys.loadOrCreate(new MemberFolder(temp.resolve(name)));
  }

  @Test
  void aMemberOpensWhatItWasHanded() {
    MemberKeys one = member("one");
    String handed = KeyHandOver.toMember(key, one.handOver().publicHalf(), "g1", null);

    SealingKey opened = KeyHandOver.atMember(handed, one, "g1", key.fingerprint());

    assertThat(opened.isWhole()).isTrue();
    assertThat(opened).hasToString(key.fingerprint());
  }

  @Test
  @Tag("C2")
  void nobodyElseOpensIt() {
    String handed = KeyHandOver.toMember(key, member("one").handOver().publicHalf(), "g1", null);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyHandOver.atMember(handed, member("two"), "g1", key.fingerprint()));
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyHandOver.atMember(handed, member("one"), "g2", key.fingerprint()))
        .withMessageContaining("another gateway");
  }

  @Test
  void aKeyOfTheHostsOwnIsNotTaken() {
    MemberKeys one = member("one");
    String handed =
        KeyHandOver.toMember(SealingKey.random(), one.handOver().publicHalf(), "g1", null);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyHandOver.atMember(handed, one, "g1", key.fingerprint()))
        .withMessageContaining("it is not taken");
  }

  @Test
  @Tag("C2")
  void whoHasAFormerKeyAloneVouchesForNone() {
    MemberKeys one = member("one");
    SealingKey present = SealingKey.random();
    SealingKey next = SealingKey.random();
    one.keep(key);
    one.keep(present);
    String byRemoved = KeyHandOver.toMember(next, one.handOver().publicHalf(), "g1", key);
    String byMember = KeyHandOver.toMember(next, one.handOver().publicHalf(), "g1", present);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyHandOver.atMember(byRemoved, one, "g1", ""))
        .withMessageContaining("it is not taken");
    assertThat(KeyHandOver.atMember(byMember, one, "g1", "")).hasToString(next.fingerprint());
  }

  @Test
  void theRecoveryKeyRestoresIt() {
    RecoveryKey recovery = RecoveryKey.random();
    String kept = KeyHandOver.forRecovery(key, recovery, "g1");
    String typed = recovery.text().reveal().toLowerCase(Locale.ROOT).replace('-', ' ');

    RecoveryKey read = RecoveryKey.parse(Secret.of(typed));

    assertThat(recovery.text().reveal()).matches("([A-Z2-7]{4}-){7}[A-Z2-7]{4}");
    assertThat(KeyHandOver.byRecovery(kept, read, "g1")).hasToString(key.fingerprint());
  }

  @Test
  @Tag("C7")
  void anotherRecoveryKeyDoesNot() {
    String kept = KeyHandOver.forRecovery(key, RecoveryKey.random(), "g1");

    for (String text : new String[] {kept, "", "x.y.z", kept.repeat(20)}) {
      assertThatExceptionOfType(SecretUnreadableException.class)
          .isThrownBy(() -> KeyHandOver.byRecovery(text, RecoveryKey.random(), "g1"));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RecoveryKey.parse(Secret.of("ABCD-EFGH")))
        .withMessageNotContaining("EFGH");
  }

  // The folder of a member

  @Test
  void aMemberIsTheSameAfterARestart() {
    MemberKeys before = member("one");
    before.keep(key);
    SealingKey next = SealingKey.random();
    before.keep(next);

    MemberKeys after = member("one");

    assertThat(after.fingerprint()).isEqualTo(before.fingerprint());
    assertThat(after.identity()).isEqualTo(before.identity());
    assertThat(after.sealing(key.fingerprint())).isPresent();
    assertThat(after.newestSealing()).hasToString("Optional[" + next + "]");
    assertThat(after.sealing("other")).isEmpty();
  }

  @Test
  void ofTwoMembersNoKeyIsTheSame() {
    assertThat(member("one").fingerprint()).isNotEqualTo(member("two").fingerprint());
  }

  @Test
  @Tag("C8")
  void keysThatOthersMayReadAreNotUsed() throws Exception {
    member("one");
    Path file = temp.resolve("one").resolve("member.json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> member("one"))
        .withMessageContaining("set its mode to 600");
  }

  @Test
  @Tag("C5")
  void keysThatAreDamagedAreNeverReplaced() throws Exception {
    member("one");
    Path file = temp.resolve("one").resolve("member.json");
    for (String damaged : new String[] {"", "{}", "{\"identity\":\"s3cret\"}", "s3cret"}) {
      Files.writeString(file, damaged);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> member("one"))
          .withMessageNotContaining("s3cret");
      assertThat(file).hasContent(damaged);
    }
  }

  @Test
  void anIdOfAKeyThatIsNotItsThumbprintIsRefused() {
    String jwk = key.publicJwk().replace(key.fingerprint(), SealingKey.random().fingerprint());

    assertThatIllegalArgumentException().isThrownBy(() -> SealingKey.parse(Secret.of(jwk)));
    assertThat(SealingKey.parse(Secret.of(key.publicJwk())).isWhole()).isFalse();
  }
}
