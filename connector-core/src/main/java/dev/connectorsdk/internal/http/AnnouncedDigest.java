package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The digest of a file that a service sends along in a header: {@code Repr-Digest} and {@code
 * Content-Digest} (RFC 9530), {@code Digest} (RFC 3230) and {@code Content-MD5} (RFC 2616). Belongs
 * to one file.
 */
final class AnnouncedDigest {

  private static final Pattern FIELD =
      Pattern.compile("(?i)(?:^|,)\\s*(sha-512|sha-256)=:([A-Za-z0-9+/=]+):");
  private static final Pattern LIST =
      Pattern.compile("(?i)(?:^|,)\\s*(sha-512|sha-256|md5)=([A-Za-z0-9+/=]+)");
  private static final Pattern MD5 = Pattern.compile("()([A-Za-z0-9+/=]+)");

  private final String header;
  private final byte[] expected;
  private final MessageDigest digest;

  private AnnouncedDigest(String header, byte[] expected, MessageDigest digest) {
    this.header = header;
    this.expected = expected;
    this.digest = digest;
  }

  /** Returns the digest that an answer names, or {@code null} if it names none that is known. */
  static @Nullable AnnouncedDigest of(BufferedResponse answer) {
    for (String header : List.of("Repr-Digest", "Content-Digest", "Digest", "Content-MD5")) {
      String value = answer.header(header);
      AnnouncedDigest digest = value == null ? null : of(header, value);
      if (digest != null) {
        return digest;
      }
    }
    return null;
  }

  private static @Nullable AnnouncedDigest of(String header, String value) {
    Pattern pattern =
        switch (header) {
          case "Digest" -> LIST;
          case "Content-MD5" -> MD5;
          default -> FIELD;
        };
    Matcher found = pattern.matcher(value);
    AnnouncedDigest digest = null;
    while (digest == null && found.find()) {
      digest = of(header, found.group(1), found.group(2));
    }
    return digest;
  }

  private static @Nullable AnnouncedDigest of(String header, String algorithm, String base64) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm.isEmpty() ? "MD5" : algorithm);
      byte[] expected = Base64.getDecoder().decode(base64);
      return expected.length == digest.getDigestLength()
          ? new AnnouncedDigest(header, expected, digest)
          : null;
    } catch (NoSuchAlgorithmException | IllegalArgumentException unreadable) {
      return null;
    }
  }

  void update(byte[] bytes, int from, int count) {
    digest.update(bytes, from, count);
  }

  /**
   * Checks the file when its last byte is there.
   *
   * @param what what the file is the answer to
   * @throws ResponseException if it is another one than was announced
   */
  void requireMatch(String what) {
    if (!MessageDigest.isEqual(digest.digest(), expected)) {
      throw new ResponseException(
          "The file that "
              + what
              + " was answered with is not the one that its header "
              + header
              + " announces");
    }
  }
}
