package dev.connectorsdk.api.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SealedTest {

  private static final Place PLACE = new Place("s1", "trigger cursor", 1, "");
  private static final Secret CURSOR = Secret.of("cursor-4711");

  private final Turned cipher = new Turned();

  /** Turns texts around, and remembers for which places. */
  private static final class Turned implements SecretCipher {

    private final List<Place> places = new ArrayList<>();
    private String key = "k1";
    private Runnable meanwhile = () -> {};

    @Override
    public String encrypt(Secret plaintext, Place place) {
      places.add(place);
      Runnable now = meanwhile;
      meanwhile = () -> {};
      now.run();
      return key + turned(plaintext.reveal());
    }

    @Override
    public Secret decrypt(String ciphertext, Place place) {
      return Secret.of(turned(ciphertext.substring(key.length())));
    }

    @Override
    public String currentKeyId() {
      return key;
    }

    private static String turned(String text) {
      return new StringBuilder(text).reverse().toString();
    }
  }

  @Test
  @DisplayName("C6: what is written down is encrypted, once, for its place")
  @Tag("C6")
  void isEncryptedOnceWhenItIsFirstRead() {
    Sealed sealed = Sealed.whenRead(cipher, CURSOR, PLACE);
    assertThat(cipher.places).isEmpty();

    assertThat(sealed.ciphertext()).isEqualTo("k1" + "1174-rosruc");
    assertThat(sealed.keyId()).isEqualTo("k1");

    assertThat(sealed.ciphertext()).isEqualTo("k1" + "1174-rosruc");
    assertThat(cipher.places).containsExactly(PLACE);
    assertThat(sealed.open(cipher, PLACE).reveal()).isEqualTo("cursor-4711");
  }

  @Test
  @DisplayName("C6: nobody waits while another asks the cipher, and all get the same")
  @Tag("C6")
  @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void nobodyWaitsWhileAnotherAsksTheCipher() {
    Sealed sealed = Sealed.whenRead(cipher, CURSOR, PLACE);
    cipher.meanwhile =
        () -> {
          CompletableFuture.runAsync(sealed::ciphertext).join();
          cipher.key = "k2";
        };

    assertThat(sealed.ciphertext()).startsWith("k1");
    assertThat(sealed.keyId()).isEqualTo("k1");
  }

  @Test
  @DisplayName("C3: it names the key that it was encrypted with, whichever is current later")
  @Tag("C3")
  void namesTheKeyThatItWasEncryptedWith() {
    Sealed now = Sealed.of(cipher, CURSOR, PLACE);
    Sealed later = Sealed.whenRead(cipher, CURSOR, PLACE);
    cipher.key = "k2";
    assertThat(later.keyId()).isEqualTo("k2");
    cipher.key = "k3";

    assertThat(now.keyId()).isEqualTo("k1");
    assertThat(later.keyId()).isEqualTo("k2");
    assertThat(later.ciphertext()).startsWith("k2");
  }

  @Test
  @DisplayName("C9: it shows nothing of its content, before and after it is encrypted")
  @Tag("C9")
  void showsNothingOfItsContent() {
    Sealed sealed = Sealed.whenRead(cipher, CURSOR, PLACE);

    assertThat(sealed).hasToString("sealed when read");
    assertThat(sealed.isEmpty()).isFalse();
    assertThat(cipher.places).isEmpty();
    assertThat(sealed.keyId()).isEqualTo("k1");
    assertThat(sealed).hasToString("sealed with k1");
    assertThat(Sealed.NONE).hasToString("nothing");
  }

  @Test
  void equalsWhatHasTheSameKeyAndCiphertext() {
    Sealed sealed = Sealed.whenRead(cipher, CURSOR, PLACE);

    assertThat(sealed).isNotEqualTo(Sealed.NONE).isEqualTo(sealed);
    assertThat(cipher.places).isEmpty();
    assertThat(sealed)
        .isEqualTo(new Sealed("k1", "k11174-rosruc"))
        .hasSameHashCodeAs(new Sealed("k1", "k11174-rosruc"))
        .isNotEqualTo(new Sealed("k2", "k11174-rosruc"))
        .isNotEqualTo(new Sealed("k1", "other"));
  }

  @Test
  void whatNoCipherTakesIsRefusedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sealed.whenRead(cipher, Secret.of("a\ud800"), PLACE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sealed.whenRead(cipher, Secret.of("x".repeat(1_000_001)), PLACE));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sealed("k1", ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new Sealed("", "text"));
  }
}
