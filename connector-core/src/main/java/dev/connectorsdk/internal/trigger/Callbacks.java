package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.api.webhook.Signature;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where services call back: {@code <public address>/<address>/<key>}. The address belongs to a
 * subscription and finds it; the key belongs to one registration. Each has 128 random bits.
 */
final class Callbacks {

  private static final int BYTES = 16;
  private static final Pattern END = Pattern.compile("/([A-Za-z0-9_-]{22})/([A-Za-z0-9_-]{22})$");

  private final @Nullable URI base;
  private final RandomGenerator random;

  /**
   * @param base without a slash at the end; {@code null} if the host has not said
   */
  Callbacks(@Nullable URI base, RandomGenerator random) {
    this.base = base;
    this.random = random;
  }

  /** The end of a path that was called. */
  record Called(String address, String key) {}

  /** Returns whether it is known where services can call. */
  boolean isOpen() {
    return base != null;
  }

  /** Returns what nobody can guess. */
  String unguessable() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Returns a secret in the form that a signature takes. */
  String secret(Signature signature) {
    byte[] bytes = new byte[2 * BYTES];
    random.nextBytes(bytes);
    String text =
        signature.keyForm() == Signature.KeyForm.BASE64
            ? Base64.getEncoder().encodeToString(bytes)
            : HexFormat.of().formatHex(bytes);
    return signature.keyPrefix() + text;
  }

  URI url(String address, String key) {
    return url(address + "/" + key);
  }

  /** Returns the URL of a path below the public address. */
  URI url(String path) {
    URI known = base;
    if (known == null) {
      throw new IllegalStateException(
          "Nobody has said where services can call: RuntimeBuilder.publicAddress");
    }
    return URI.create(known + "/" + path);
  }

  /** Returns what a path names, or {@code null} if it can be none of ours. */
  static @Nullable Called called(String path) {
    Matcher end = END.matcher(path);
    return end.find() ? new Called(end.group(1), end.group(2)) : null;
  }

  /** Returns what is stored of an address. */
  static String hash(String address) {
    return Sha256.hex(address);
  }
}
