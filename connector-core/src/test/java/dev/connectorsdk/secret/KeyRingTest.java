package dev.connectorsdk.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.CompressionAlgorithm;
import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEEncrypter;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.AESDecrypter;
import com.nimbusds.jose.crypto.AESEncrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jose.crypto.PasswordBasedEncrypter;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.SecretUnreadableException;
import dev.connectorsdk.api.spi.SecretCipher.Place;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {

  private static final byte[] KEY_1 = HexFormat.of().parseHex("0123456789abcdef".repeat(4));
  private static final byte[] KEY_2 = HexFormat.of().parseHex("fedcba9876543210".repeat(4));
  private static final Place PLACE = new Place("conn-1", "tokens", 3);
  private static final Secret SECRET = Secret.of("s3cret token – ünï 😀");

  private final KeyRing ring = KeyRing.of("k1", KEY_1);

  @Test
  void decryptsWhatItEncrypted() {
    for (String text : List.of("", "x", SECRET.reveal(), "x".repeat(740_000))) {
      String ciphertext = ring.encrypt(Secret.of(text), PLACE);
      assertThat(ring.decrypt(ciphertext, PLACE).reveal()).isEqualTo(text);
    }
  }

  @Test
  @Tag("C1")
  void writesTheAlgorithmsTheKeyIdAndThePlaceIntoTheHeader() throws Exception {
    JWEObject jwe = JWEObject.parse(ring.encrypt(SECRET, PLACE));

    assertThat(jwe.getHeader().getAlgorithm()).isEqualTo(JWEAlgorithm.A256GCMKW);
    assertThat(jwe.getHeader().getEncryptionMethod()).isEqualTo(EncryptionMethod.A256GCM);
    assertThat(jwe.getHeader().getKeyID()).isEqualTo("k1").isEqualTo(ring.currentKeyId());
    assertThat(jwe.getHeader().getCustomParam("place")).isEqualTo("conn-1\ntokens\n3");
  }

  @Test
  @Tag("C1")
  void anyImplementationOfJweReadsIt() throws Exception {
    for (String text : List.of("", SECRET.reveal(), "x".repeat(740_000))) {
      JWEObject jwe = JWEObject.parse(ring.encrypt(Secret.of(text), PLACE));
      jwe.decrypt(new AESDecrypter(KEY_1));

      assertThat(jwe.getPayload()).hasToString(text);
    }
  }

  @Test
  @Tag("C1")
  void takesAFreshContentKeyAndVectorEachTime() throws Exception {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      JWEObject jwe = JWEObject.parse(ring.encrypt(SECRET, PLACE));
      seen.addAll(
          List.of(
              jwe.getEncryptedKey(), jwe.getIV(), jwe.getHeader().getIV(), jwe.getCipherText()));
    }
    assertThat(seen).hasSize(4 * 10_000);
  }

  @Test
  @Tag("C3")
  void encryptsWithTheCurrentKeyAndDecryptsWithRetiredOnes() {
    String old = ring.encrypt(SECRET, PLACE);
    KeyRing rotated = KeyRing.of("k2", KEY_2).withRetired("k1", KEY_1);

    assertThat(rotated.currentKeyId()).isEqualTo("k2");
    assertThat(rotated.decrypt(old, PLACE)).isEqualTo(SECRET);
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> ring.decrypt(rotated.encrypt(SECRET, PLACE), PLACE));
  }

  // What does not open, and what it says

  @Test
  void namesAKeyThatItDoesNotHaveAndThoseThatItHas() {
    KeyRing other = KeyRing.of("k2", KEY_2).withRetired("k3", changed(KEY_2));

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> other.decrypt(ring.encrypt(SECRET, PLACE), PLACE))
        .withMessage(
            "The secret 'tokens' of 'conn-1', version 3 cannot be decrypted: key 'k1' is not in the"
                + " key ring, which has [k2, k3].")
        .withNoCause()
        .matches(SecretUnreadableException::userMustAct);
  }

  @Test
  void tellsAWrongKeyOfTheSameId() {
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyRing.of("k1", KEY_2).decrypt(ring.encrypt(SECRET, PLACE), PLACE))
        .withMessage(
            "The secret 'tokens' of 'conn-1', version 3 cannot be decrypted: key 'k1' does not open"
                + " it: it was changed, or encrypted with another key of this id.")
        .withNoCause();
  }

  static Stream<Place> otherPlaces() {
    return Stream.of(
        new Place("conn-2", "tokens", 3),
        new Place("conn-1", "entered", 3),
        new Place("conn-1", "tokens", 2),
        new Place("conn-1", "tokens", 4),
        new Place("", "conn-1tokens", 3));
  }

  @ParameterizedTest
  @MethodSource("otherPlaces")
  @Tag("C2")
  void doesNotOpenWhatBelongsToAnotherPlace(Place other) {
    String ciphertext = ring.encrypt(SECRET, PLACE);

    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> ring.decrypt(ciphertext, other))
        .withMessage(
            "The secret '%s' of '%s', version %d cannot be decrypted: key 'k1' opens it, but it"
                + " belongs to the secret 'tokens' of 'conn-1', version 3: it was moved, or an"
                + " older one was put back.",
            other.field(), other.record(), other.version())
        .withNoCause();
  }

  @Test
  @Tag("C2")
  void aPlaceWithALineBreakCouldBeAnotherAndIsRefused() {
    for (Place place : List.of(new Place("a\nb", "c", 1), new Place("a", "b\rc", 1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> ring.encrypt(SECRET, place));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ring.decrypt(ring.encrypt(SECRET, PLACE), place));
    }
  }

  @Test
  @Tag("C7")
  void anyChangeOfAnyCharacterIsNoticed() {
    String ciphertext = ring.encrypt(SECRET, PLACE);
    for (int i = 0; i < ciphertext.length(); i++) {
      for (int bit = 0; bit < 8; bit++) {
        char[] flipped = ciphertext.toCharArray();
        flipped[i] ^= (char) (1 << bit);
        assertUnreadable(new String(flipped));
      }
      assertUnreadable(ciphertext.substring(0, i));
      assertUnreadable(ciphertext.substring(0, i) + ciphertext.substring(i + 1));
      assertUnreadable(ciphertext.substring(0, i) + '=' + ciphertext.substring(i));
      assertUnreadable(ciphertext.substring(0, i) + '\n' + ciphertext.substring(i));
    }
    assertUnreadable(ciphertext + "=");
    assertUnreadable(ciphertext + ".");
  }

  @Test
  @Tag("C7")
  void partsOfTwoSecretsDoNotMakeAThird() {
    String[] first = ring.encrypt(SECRET, PLACE).split("\\.", -1);
    String[] second = ring.encrypt(Secret.of("another"), PLACE).split("\\.", -1);
    for (int mask = 1; mask < 31; mask++) {
      String[] mixed = first.clone();
      for (int part = 0; part < 5; part++) {
        if ((mask & 1 << part) != 0) {
          mixed[part] = second[part];
        }
      }
      assertUnreadable(String.join(".", mixed));
    }
  }

  @Test
  @Tag("C1")
  void otherAlgorithmsAreNotObeyedEvenWithTheRightKey() throws Exception {
    JWEHeader ours = ourHeader().build();
    assertThat(ring.decrypt(sealed(ours, new AESEncrypter(KEY_1)), PLACE)).isEqualTo(SECRET);

    assertUnsupported(
        sealed(
            header(JWEAlgorithm.DIR, EncryptionMethod.A256GCM).build(),
            new DirectEncrypter(KEY_1)));
    assertUnsupported(
        sealed(
            header(JWEAlgorithm.A256KW, EncryptionMethod.A256GCM).build(),
            new AESEncrypter(KEY_1)));
    assertUnsupported(
        sealed(
            header(JWEAlgorithm.A256GCMKW, EncryptionMethod.A128CBC_HS256).build(),
            new AESEncrypter(KEY_1)));
    assertUnsupported(
        sealed(
            header(JWEAlgorithm.A256GCMKW, EncryptionMethod.A128GCM).build(),
            new AESEncrypter(KEY_1)));
    assertUnsupported(
        sealed(
            header(JWEAlgorithm.PBES2_HS256_A128KW, EncryptionMethod.A256GCM).build(),
            new PasswordBasedEncrypter(KEY_1, 8, 1000)));
  }

  @Test
  @Tag("C7")
  void furtherHeaderParametersAreNotObeyedEvenWithTheRightKey() throws Exception {
    URI elsewhere = URI.create("https://keys.example.com/");
    for (JWEHeader.Builder header :
        List.of(
            ourHeader().compressionAlgorithm(CompressionAlgorithm.DEF),
            ourHeader().criticalParams(Set.of("place")),
            ourHeader().jwkURL(elsewhere),
            ourHeader().x509CertURL(elsewhere),
            ourHeader().jwk(new ECKeyGenerator(Curve.P_256).generate().toPublicJWK()),
            ourHeader().contentType("text/plain"),
            ourHeader().customParam("more", "x"))) {
      assertUnsupported(sealed(header.build(), new AESEncrypter(KEY_1)));
    }
    assertUnsupported(sealed(ourHeader().keyID("../k1").build(), new AESEncrypter(KEY_1)));
    assertUnsupported(sealed(ourHeader().keyID(null).build(), new AESEncrypter(KEY_1)));
    assertUnsupported(sealed(ourHeader().customParam("place", 3).build(), new AESEncrypter(KEY_1)));
    assertUnsupported(
        sealed(ourHeader().customParam("place", "conn-1").build(), new AESEncrypter(KEY_1)));
  }

  @Test
  @Tag("C7")
  void hostileTextsAreRefusedBeforeAnythingIsDecrypted() {
    String tail = ring.encrypt(SECRET, PLACE).replaceFirst("^[^.]*", "");
    String nested = "[".repeat(10_000);
    for (String header :
        List.of(
            "",
            "null",
            "[]",
            "{",
            "{\"alg\":" + nested,
            "{\"alg\":" + nested.substring(7_500),
            "{\"alg\":\"RSA1_5\",\"enc\":\"A256GCM\",\"kid\":\"k1\",\"place\":\"a\\nb\\n1\"}",
            "{\"alg\":\"PBES2-HS512+A256KW\",\"enc\":\"A256GCM\",\"p2c\":2000000000}",
            "{\"alg\":\"A256GCMKW\",\"alg\":\"A256GCMKW\"}",
            "{\"alg\":\"A256GCMKW\",\"enc\":\"A256GCM\",\"kid\":\"k1\",\"place\":\"a\\nb\\n1\","
                + "\"iv\":1,\"tag\":[]}")) {
      assertUnsupported(Base64URL.encode(header) + tail);
    }
    for (String text :
        List.of(
            "",
            ".",
            "....",
            "a.b.c.d.e",
            "\0\0\0\0",
            SECRET.reveal(),
            ".".repeat(1_000_000),
            "A".repeat(10_000_000),
            ring.encrypt(SECRET, PLACE) + "A".repeat(10_000_000))) {
      assertUnsupported(text);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 65_536, 10_000_000})
  @DisplayName("C7: refusing a hostile text takes less than 1 MiB, however long it is")
  void refusingTakesLittleMemory(int length) {
    String nested = Base64URL.encode("{\"alg\":" + "[".repeat(length / 2)).toString();
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String text : List.of("A".repeat(length), ".".repeat(length), nested + "....")) {
      long before = threads.getCurrentThreadAllocatedBytes();

      assertUnsupported(text);

      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
    }
  }

  @Test
  @Tag("C7")
  void randomDamageGivesNothingButTheTypedError() {
    Random random = new Random(42);
    String ciphertext = ring.encrypt(SECRET, PLACE);
    for (int i = 0; i < 3000; i++) {
      char[] damaged = ciphertext.toCharArray();
      int changes = 1 + random.nextInt(8);
      for (int n = 0; n < changes; n++) {
        damaged[random.nextInt(damaged.length)] = (char) random.nextInt(i % 2 == 0 ? 128 : 65_536);
      }
      if (!ciphertext.equals(new String(damaged))) {
        assertUnreadable(new String(damaged));
      }
    }
  }

  // What cannot be encrypted

  @Test
  void refusesASecretThatItCouldNotReadBack() {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> ring.encrypt(Secret.of("x".repeat(760_000)), PLACE))
        .withMessage(
            "Invalid input for secret 'tokens' of 'conn-1', version 3: (input): is too long to"
                + " encrypt");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ring.encrypt(Secret.of("pass\ud834word"), PLACE))
        .withMessage("The secret 'tokens' of 'conn-1', version 3 is no well-formed Unicode");
  }

  // Keys

  @ParameterizedTest
  @ValueSource(ints = {0, 16, 31, 33, 64})
  @Tag("C8")
  void refusesKeysOfAnotherLength(int length) {
    byte[] key = new byte[length];
    new SecureRandom().nextBytes(key);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.of("k9", key))
        .withMessage("Key 'k9' must have 32 bytes (256 bits), but has " + length);
    assertThatIllegalArgumentException().isThrownBy(() -> ring.withRetired("k9", key));
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 'A', (byte) 0xff})
  @Tag("C8")
  void refusesAPlaceholderAsAKey(byte each) {
    byte[] key = new byte[32];
    Arrays.fill(key, each);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.of("k9", key))
        .withMessage("Key 'k9' is no key: all its bytes are the same. Take 32 random bytes.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "-a", "a\n", "ä", "a/b"})
  void refusesAnIdThatIsNoName(String id) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> KeyRing.of(id, KEY_1))
        .withMessageStartingWith("A key id must be 1 to 100 letters");
  }

  @Test
  void refusesAnIdOrAKeyTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ring.withRetired("k1", KEY_2))
        .withMessage("The key ring has two keys 'k1'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ring.withRetired("k2", KEY_1))
        .withMessage("The keys 'k1' and 'k2' are the same key");
  }

  @Test
  void copiesTheKey() {
    byte[] key = KEY_1.clone();
    KeyRing own = KeyRing.of("k1", key);
    Arrays.fill(key, (byte) 1);

    assertThat(own.decrypt(ring.encrypt(SECRET, PLACE), PLACE)).isEqualTo(SECRET);
  }

  @Test
  @Tag("C8")
  void printsKeyIdsOnly() {
    assertThat(KeyRing.of("k2", KEY_2).withRetired("k1", KEY_1)).hasToString("KeyRing[k2, k1]");
  }

  @Test
  void aRandomRingOpensOnlyItsOwn() {
    KeyRing random = KeyRing.random();

    assertThat(random.decrypt(random.encrypt(SECRET, PLACE), PLACE)).isEqualTo(SECRET);
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> KeyRing.random().decrypt(random.encrypt(SECRET, PLACE), PLACE));
  }

  private void assertUnreadable(String ciphertext) {
    Throwable thrown = catchThrowable(() -> ring.decrypt(ciphertext, PLACE));
    assertThat(thrown)
        .as(ciphertext)
        .isInstanceOf(SecretUnreadableException.class)
        .hasNoCause()
        .hasMessageStartingWith("The secret 'tokens' of 'conn-1', version 3 cannot be decrypted: ")
        .hasMessageNotContaining("s3cret");
    assertThat(thrown.getMessage().length()).isLessThan(400);
  }

  private void assertUnsupported(String ciphertext) {
    assertThatExceptionOfType(SecretUnreadableException.class)
        .isThrownBy(() -> ring.decrypt(ciphertext, PLACE))
        .withMessage(
            "The secret 'tokens' of 'conn-1', version 3 cannot be decrypted: it is not in the"
                + " format that this version reads.")
        .withNoCause();
  }

  private static JWEHeader.Builder ourHeader() {
    return header(JWEAlgorithm.A256GCMKW, EncryptionMethod.A256GCM);
  }

  private static JWEHeader.Builder header(JWEAlgorithm algorithm, EncryptionMethod encryption) {
    return new JWEHeader.Builder(algorithm, encryption)
        .keyID("k1")
        .customParam("place", PLACE.toString());
  }

  private static String sealed(JWEHeader header, JWEEncrypter encrypter) throws JOSEException {
    JWEObject jwe = new JWEObject(header, new Payload(SECRET.reveal().getBytes(UTF_8)));
    jwe.encrypt(encrypter);
    return jwe.serialize();
  }

  private static byte[] changed(byte[] key) {
    byte[] other = key.clone();
    other[0] ^= 1;
    return other;
  }
}
