package dev.connectorsdk.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.connectorsdk.api.auth.ApiKeyScheme;
import dev.connectorsdk.api.auth.ClientCertificate;
import dev.connectorsdk.api.auth.ClientCertificateScheme;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("B4")
class ClientCertificateTest {

  private static final HeldCertificate AUTHORITY =
      lasting("2060-01-01T00:00:00Z").commonName("authority").certificateAuthority(0).build();
  private static final HeldCertificate RSA =
      lasting("2050-01-01T00:00:00Z").commonName("ada").rsa2048().signedBy(AUTHORITY).build();
  private static final HeldCertificate EC =
      lasting("2050-01-01T00:00:00Z").commonName("ada").ecdsa256().signedBy(AUTHORITY).build();

  private final TestConnection connection = new TestConnection();

  @Test
  void pemBringsTheChainInItsOrder() {
    pem(EC.certificatePem() + AUTHORITY.certificatePem(), EC.privateKeyPkcs8Pem());

    ClientCertificate certificate = connection.certificate(ClientCertificateScheme.pem());

    assertThat(certificate.chain()).containsExactly(EC.certificate(), AUTHORITY.certificate());
    assertThat(certificate.key()).isEqualTo(EC.keyPair().getPrivate());
    assertThat(certificate.expiresAt()).isEqualTo("2050-01-01T00:00:00Z");
  }

  @Test
  void aKeyMayBeInItsOlderForms() throws Exception {
    pem(RSA.certificatePem(), RSA.privateKeyPkcs1Pem());
    assertThat(connection.certificate(ClientCertificateScheme.pem()).key())
        .isEqualTo(RSA.keyPair().getPrivate());

    pem(EC.certificatePem(), sec1(EC.keyPair().getPrivate()));
    assertThat(connection.certificate(ClientCertificateScheme.pem()).key())
        .isInstanceOfSatisfying(
            ECPrivateKey.class,
            key ->
                assertThat(key.getS())
                    .isEqualTo(((ECPrivateKey) EC.keyPair().getPrivate()).getS()));
  }

  static Stream<Arguments> keysOfOpenSsl() {
    return Stream.of(
        arguments(TestKeys.OPENSSL_P256, 7, 32),
        arguments(TestKeys.OPENSSL_P384, 8, 48),
        arguments(TestKeys.OPENSSL_P521, 8, 66));
  }

  /** Curve and public key are in it, and the parameters of the curve in a block before it. */
  @ParameterizedTest
  @MethodSource("keysOfOpenSsl")
  void aKeyMayBeAsOpenSslWritesIt(String pem, int from, int size) {
    byte[] der =
        Base64.getMimeDecoder().decode(pem.replaceAll("(?s).*BEGIN EC PRIVATE KEY|END.*", ""));

    assertThat(PrivateKeyText.read(pem))
        .isInstanceOfSatisfying(
            ECPrivateKey.class,
            key ->
                assertThat(key.getS())
                    .isEqualTo(new BigInteger(1, Arrays.copyOfRange(der, from, from + size))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "p4ss word"})
  void aPkcs12FileBringsKeyAndChain(String password) throws Exception {
    connection.secret("pfx", pfx(password, "one")).secret("pfx_password", password);

    ClientCertificate certificate = connection.certificate(ClientCertificateScheme.pkcs12());

    assertThat(certificate.chain()).containsExactly(RSA.certificate(), AUTHORITY.certificate());
    assertThat(certificate.key()).isEqualTo(RSA.keyPair().getPrivate());
  }

  @Test
  void aWrongPasswordIsNamedAndNotShown() throws Exception {
    connection.secret("pfx", pfx("right", "one")).secret("pfx_password", "wr0ng");

    assertRefused(
        ClientCertificateScheme.pkcs12(),
        "/pfx_password: is not the password of the PKCS#12 file in pfx");
  }

  @Test
  void aFileWithTwoKeysIsRefused() throws Exception {
    connection.secret("pfx", pfx("p", "one", "two")).secret("pfx_password", "p");

    assertRefused(
        ClientCertificateScheme.pkcs12(),
        "/pfx: has 2 private keys; one is needed, with its certificate");
  }

  @Test
  void whatIsNoFileIsNamed() {
    connection.secret("pfx", "bm90IGEgZmlsZQ==").secret("pfx_password", "p");
    assertRefused(ClientCertificateScheme.pkcs12(), "/pfx: is not a PKCS#12 file that can be read");

    connection.secret("pfx", "*");
    assertRefused(ClientCertificateScheme.pkcs12(), "/pfx: is not Base64");
  }

  @Test
  void whatIsNoPemIsNamed() {
    pem("no", EC.privateKeyPkcs8Pem());
    assertRefused(ClientCertificateScheme.pem(), "/certificate: is not a certificate in PEM");

    pem(EC.certificatePem(), "no");
    assertRefused(ClientCertificateScheme.pem(), "/private_key: is not a private key in PEM");

    String key = EC.privateKeyPkcs8Pem();
    pem(EC.certificatePem(), key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
    assertRefused(
        ClientCertificateScheme.pem(),
        "/private_key: is an encrypted private key; it has to be without a password");

    pem(EC.certificatePem(), key.replace("PRIVATE KEY", "EC PRIVATE KEY"));
    assertRefused(
        ClientCertificateScheme.pem(),
        "/private_key: is not a private key that can be read (RSA, EC or EdDSA)");
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() {
    pem(EC.certificatePem(), AUTHORITY.privateKeyPkcs8Pem());
    assertRefused(
        ClientCertificateScheme.pem(),
        "/private_key: does not belong to the first certificate of certificate");
  }

  @Test
  @DisplayName("A1: what goes together with it shows its weaknesses, and may be told values")
  void whatGoesTogetherWithItKeepsWhatItSaysOfItself() {
    OAuth2Scheme then =
        OAuth2Scheme.passwordAgainstAdvice("https://id.example.com/token")
            .answer(answer -> answer.capture("site", "/site"));

    ClientCertificateScheme scheme = ClientCertificateScheme.pem().and(then);

    assertThat(scheme.weaknesses()).containsExactly("it sends the user's password");
    assertThat(scheme.captured()).containsExactly("site");
  }

  @Test
  void itCanGoTogetherWithWhatNeedsNoSignIn() {
    pem(EC.certificatePem(), EC.privateKeyPkcs8Pem());
    connection.secret("api_key", "k3y");
    TestRequest request = new TestRequest();

    connection
        .open(ClientCertificateScheme.pem().and(ApiKeyScheme.header("X-Api-Key")))
        .authenticate(request);

    assertThat(request.headers).containsEntry("X-Api-Key", "k3y");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ClientCertificateScheme.pem()
                    .and(OAuth2Scheme.authorizationCode("https://a.test", "https://t.test")));
  }

  @Test
  @Tag("D1")
  void itsTextHasNoKey() {
    pem(EC.certificatePem(), EC.privateKeyPkcs8Pem());

    assertThat(connection.certificate(ClientCertificateScheme.pem()).toString())
        .isEqualTo("CN=ada until 2050-01-01T00:00:00Z");
  }

  private static HeldCertificate.Builder lasting(String until) {
    return new HeldCertificate.Builder().validityInterval(0, Instant.parse(until).toEpochMilli());
  }

  private void pem(String certificate, String key) {
    connection.secret("certificate", certificate).secret("private_key", key);
  }

  private void assertRefused(ClientCertificateScheme scheme, String message) {
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> connection.certificate(scheme))
        .withMessage("Invalid input for connection 'c1': " + message)
        .withNoCause();
  }

  private static String pfx(String password, String... aliases) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (String alias : aliases) {
      store.setKeyEntry(
          alias,
          RSA.keyPair().getPrivate(),
          password.toCharArray(),
          new X509Certificate[] {RSA.certificate(), AUTHORITY.certificate()});
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    store.store(file, password.toCharArray());
    return Base64.getMimeEncoder().encodeToString(file.toByteArray());
  }

  /** Returns what {@code openssl ec} writes for a key on P-256: with the curve in it. */
  private static String sec1(PrivateKey key) {
    byte[] pkcs8 = key.getEncoded();
    // SEQUENCE, version, algorithm with curve, OCTET STRING with the ECPrivateKey in it
    int start = 2 + 3 + 2 + pkcs8[6] + 2;
    byte[] inner = Arrays.copyOfRange(pkcs8, start, pkcs8.length);
    byte[] scalar = Arrays.copyOfRange(inner, 7, 39);
    byte[] curve = java.util.HexFormat.of().parseHex("a00a06082a8648ce3d030107");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x30, (byte) (3 + 34 + curve.length), 2, 1, 1, 4, 32});
    out.writeBytes(scalar);
    out.writeBytes(curve);
    return "-----BEGIN EC PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(out.toByteArray())
        + "\n-----END EC PRIVATE KEY-----\n";
  }
}
