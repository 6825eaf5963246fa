package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys in PEM, RFC 7468: PKCS#8 of any algorithm that the JDK knows, PKCS#1 (RFC 8017
 * appendix A.1.2) and SEC1 (RFC 5915). Encrypted ones are refused.
 *
 * <p>The JDK reads PKCS#8 alone; the older forms are its content without the algorithm, which is
 * put around them here.
 */
final class PrivateKeyText {

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final byte[] RSA_ALGORITHM = hex("300d06092a864886f70d0101010500");
  private static final byte[] EC_PUBLIC_KEY = hex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = hex("020100");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int CURVE = 0xa0;

  private PrivateKeyText() {}

  /**
   * Returns the key in a secret parameter, which must be there.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException naming the parameter and never what is
   *     in it
   */
  static PrivateKey required(AuthContext context, String parameter) {
    Matcher block = BLOCK.matcher(CredentialText.required(context, parameter));
    if (!block.find()) {
      throw CredentialText.fault(context, parameter, "is not a private key in PEM");
    }
    String label = block.group(1);
    if (label.equals("ENCRYPTED PRIVATE KEY") || block.group(2).contains("ENCRYPTED")) {
      throw CredentialText.fault(
          context, parameter, "is an encrypted private key; it has to be without a password");
    }
    PrivateKey key = key(label, block.group(2));
    if (key == null) {
      throw CredentialText.fault(
          context, parameter, "is not a private key that can be read (RSA, EC or EdDSA)");
    }
    return key;
  }

  /** Returns a key that stands anywhere else, or {@code null} if it cannot be read. */
  static @Nullable PrivateKey read(String pem) {
    Matcher block = BLOCK.matcher(pem);
    return block.find() ? key(block.group(1), block.group(2)) : null;
  }

  private static @Nullable PrivateKey key(String label, String base64) {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return switch (label) {
        case "PRIVATE KEY" -> pkcs8(der, List.of("RSA", "EC", "EdDSA", "RSASSA-PSS"));
        case "RSA PRIVATE KEY" -> pkcs8(wrapped(RSA_ALGORITHM, der), List.of("RSA"));
        case "EC PRIVATE KEY" -> {
          byte[] algorithm = element(SEQUENCE, EC_PUBLIC_KEY, curve(der));
          yield pkcs8(wrapped(algorithm, der), List.of("EC"));
        }
        default -> null;
      };
    } catch (RuntimeException e) {
      // Not Base64, or cut off somewhere.
      return null;
    }
  }

  private static @Nullable PrivateKey pkcs8(byte[] der, List<String> algorithms) {
    for (String algorithm : algorithms) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // Of another algorithm.
      }
    }
    return null;
  }

  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, key));
  }

  /** Returns what is in the element [0] of an ECPrivateKey: the name of the curve. */
  private static byte[] curve(byte[] der) {
    ByteBuffer in = ByteBuffer.wrap(der);
    in.get();
    length(in);
    while (in.hasRemaining()) {
      int tag = in.get() & 0xff;
      byte[] content = new byte[length(in)];
      in.get(content);
      if (tag == CURVE) {
        return content;
      }
    }
    throw new IllegalArgumentException("No curve");
  }

  private static int length(ByteBuffer in) {
    int first = in.get() & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < first - 0x80; i++) {
      length = (length << 8) | (in.get() & 0xff);
    }
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("Cut off");
    }
    return length;
  }

  private static byte[] element(int tag, byte[]... contents) {
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 5);
    out.write(tag);
    writeLength(length, out);
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  /** The JDK takes the shortest form alone. */
  private static void writeLength(int length, ByteArrayOutputStream out) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int octets = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | octets);
    for (int i = octets - 1; i >= 0; i--) {
      out.write(length >> (8 * i));
    }
  }

  private static byte[] hex(String digits) {
    return java.util.HexFormat.of().parseHex(digits);
  }
}
