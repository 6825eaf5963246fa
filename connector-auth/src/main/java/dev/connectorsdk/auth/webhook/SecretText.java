package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.DeliveryRefusedException;
import dev.connectorsdk.api.error.DeliveryRefusedException.Reason;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signature.Algorithm;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Makes keys of secrets. None is ever a key of no bytes. */
final class SecretText {

  private static final byte[] ED25519_HEADER = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final int LEAST_RSA_BITS = 2048;

  private SecretText() {}

  /** Returns the secret without prefix, in which there is something. */
  static String text(Signature signature, Secret secret) {
    String given = secret.reveal();
    String prefix = signature.keyPrefix();
    String text = given.startsWith(prefix) ? given.substring(prefix.length()) : given;
    if (text.isBlank()) {
      throw unusable("is empty");
    }
    return text;
  }

  /** Returns the key of a MAC. */
  static byte[] key(Signature signature, Secret secret) {
    String text = text(signature, secret);
    byte[] key =
        switch (signature.keyForm()) {
          case TEXT -> StrictText.utf8(text);
          case HEX -> StrictText.hex(text);
          case BASE64 -> base64(text);
          case SHA1 -> {
            byte[] bytes = StrictText.utf8(text);
            yield bytes == null ? null : Crypto.hash("SHA-1", bytes);
          }
          case PUBLIC_KEY -> null;
        };
    if (key == null || key.length == 0) {
      throw unusable("is not a key in the form " + signature.keyForm());
    }
    return key;
  }

  static PublicKey publicKey(Signature signature, Secret secret) {
    String text = text(signature, secret);
    byte[] raw =
        switch (signature.keyForm()) {
          case HEX -> StrictText.hex(text);
          case BASE64 -> base64(text);
          default -> null;
        };
    try {
      @Nullable PublicKey key =
          signature.keyForm() == Signature.KeyForm.PUBLIC_KEY
              ? readPublicKey(signature.algorithm(), text)
              : rawEd25519(raw);
      if (key != null && isStrong(signature.algorithm(), key)) {
        return key;
      }
    } catch (GeneralSecurityException | RuntimeException e) {
      // What was wrong with it would quote it.
    }
    throw unusable("is not a public key for " + signature.algorithm());
  }

  private static @Nullable PublicKey rawEd25519(byte @Nullable [] point)
      throws GeneralSecurityException {
    if (point == null || point.length != 32) {
      return null;
    }
    byte[] encoded = new byte[ED25519_HEADER.length + point.length];
    System.arraycopy(ED25519_HEADER, 0, encoded, 0, ED25519_HEADER.length);
    System.arraycopy(point, 0, encoded, ED25519_HEADER.length, point.length);
    return factory(Algorithm.ED25519).generatePublic(new X509EncodedKeySpec(encoded));
  }

  private static PublicKey readPublicKey(Algorithm algorithm, String text)
      throws GeneralSecurityException {
    byte[] der = der(text);
    return text.contains("-----BEGIN CERTIFICATE-----")
        ? CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(der))
            .getPublicKey()
        : factory(algorithm).generatePublic(new X509EncodedKeySpec(der));
  }

  /** Returns whether a key is one for the algorithm, and not too short. */
  static boolean isStrong(Algorithm algorithm, PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return algorithm.name().startsWith("RSA") && rsa.getModulus().bitLength() >= LEAST_RSA_BITS;
    }
    if (key instanceof ECPublicKey ec) {
      return algorithm == Algorithm.ECDSA_P256_SHA256
          && ec.getParams().getOrder().bitLength() == 256;
    }
    return algorithm == Algorithm.ED25519;
  }

  /** Returns the private key to sign samples with: PKCS#8, in PEM or bare Base64. */
  static PrivateKey privateKey(Algorithm algorithm, Secret secret) {
    try {
      return factory(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der(secret.reveal())));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Samples with "
              + algorithm
              + " are signed with a private key in PKCS#8, and this is none");
    }
  }

  private static byte[] der(String text) {
    return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
  }

  private static KeyFactory factory(Algorithm algorithm) throws GeneralSecurityException {
    return KeyFactory.getInstance(
        switch (algorithm) {
          case ED25519 -> "Ed25519";
          case ECDSA_P256_SHA256 -> "EC";
          default -> "RSA";
        });
  }

  /** Secrets are given by hand, with padding or without. */
  private static byte @Nullable [] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static DeliveryRefusedException unusable(String problem) {
    return Refusals.refused(Reason.NO_SECRET, "the secret " + problem);
  }
}
