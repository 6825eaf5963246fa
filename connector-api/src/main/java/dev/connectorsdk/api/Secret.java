package dev.connectorsdk.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A value that must not be seen: a password, key or token. It prints as {@code ***}, so it may
 * stand in records and messages.
 *
 * <p>Immutable and safe for use by several threads. Comparing two secrets takes the same time
 * wherever they differ.
 */
public final class Secret {

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  /** Returns a secret that holds {@code value}. */
  public static Secret of(String value) {
    return new Secret(Objects.requireNonNull(value, "value"));
  }

  /** Returns the value itself. Call it where the value leaves for its service, nowhere else. */
  public String reveal() {
    return value;
  }

  /** Returns whether the value has no characters. */
  public boolean isEmpty() {
    return value.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret
        && MessageDigest.isEqual(bytes(value), bytes(secret.value));
  }

  /**
   * Returns the same number for all secrets: a hash code would reveal something about the value.
   */
  @Override
  public int hashCode() {
    return 42;
  }

  /** Returns {@code ***}. */
  @Override
  public String toString() {
    return "***";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
