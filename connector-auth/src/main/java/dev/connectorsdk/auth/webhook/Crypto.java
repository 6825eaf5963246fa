package dev.connectorsdk.auth.webhook;

import dev.connectorsdk.api.webhook.Signature.Algorithm;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The JDK's algorithms, all of which every JDK has. */
final class Crypto {

  private Crypto() {}

  /**
   * Returns what is expected where whoever checks can sign too.
   *
   * @param key not empty; of no meaning for a plain hash, whose text has it
   */
  static byte[] mac(Algorithm algorithm, byte[] key, byte[] text) {
    return algorithm == Algorithm.SHA256 ? hash("SHA-256", text) : hmac(name(algorithm), key, text);
  }

  private static byte[] hmac(String name, byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance(name);
      mac.init(new SecretKeySpec(key, name));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no " + name, e);
    }
  }

  /** Returns whether it fits; a signature that is none does not. */
  static boolean verifies(Algorithm algorithm, PublicKey key, byte[] text, byte[] signature) {
    try {
      java.security.Signature verifier = java.security.Signature.getInstance(name(algorithm));
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static byte[] sign(Algorithm algorithm, PrivateKey key, byte[] text) {
    try {
      java.security.Signature signer = java.security.Signature.getInstance(name(algorithm));
      signer.initSign(key);
      signer.update(text);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("This private key does not sign with " + algorithm, e);
    }
  }

  static byte[] hash(String name, byte[] bytes) {
    try {
      return MessageDigest.getInstance(name).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no " + name, e);
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String name(Algorithm algorithm) {
    return switch (algorithm) {
      case HMAC_SHA1 -> "HmacSHA1";
      case HMAC_SHA256 -> "HmacSHA256";
      case HMAC_SHA512 -> "HmacSHA512";
      case ED25519 -> "Ed25519";
      case ECDSA_P256_SHA256 -> "SHA256withECDSA";
      case RSA_SHA1 -> "SHA1withRSA";
      case RSA_SHA256 -> "SHA256withRSA";
      default -> throw new IllegalArgumentException(algorithm + " signs no text");
    };
  }
}
