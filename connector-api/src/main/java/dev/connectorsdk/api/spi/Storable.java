package dev.connectorsdk.api.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What every store can keep and give back unchanged. Databases differ at the edges: some have no
 * character U+0000, none has nanoseconds.
 */
final class Storable {

  private static final int LONGEST_TEXT = 1_000_000;

  /** {@code 0001-01-01T00:00:00Z}, which a start need not parse. */
  static final Instant EARLIEST = Instant.ofEpochSecond(-62_135_596_800L);

  /** {@code 9999-12-31T23:59:59.999999Z}. */
  private static final Instant LATEST = Instant.ofEpochSecond(253_402_300_799L, 999_999_000);

  private Storable() {}

  static void requireKey(String what, String text, int longest) {
    if (text.isEmpty() || text.length() > longest) {
      throw new IllegalArgumentException(
          what + " must be 1 to " + longest + " characters long, but has " + text.length());
    }
    requireText(what, text);
  }

  static void requireText(String what, @Nullable String text) {
    if (text != null) {
      requireText(what, text, LONGEST_TEXT);
    }
  }

  static void requireText(String what, String text, int longest) {
    if (text.length() > longest) {
      throw new IllegalArgumentException(
          what + " must not be longer than " + longest + " characters");
    }
    if (!isWellFormed(text)) {
      throw new IllegalArgumentException(
          what + " must be well-formed Unicode without the character U+0000");
    }
  }

  /** A loop of our own: keys are checked for each call, and an encoder is made of many parts. */
  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != 0 && c < Character.MIN_SURROGATE) {
        continue; // Most are, and most texts are looked at again and again.
      }
      if (Character.isHighSurrogate(c)) {
        i++;
        if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      } else if (c == 0 || Character.isLowSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  static Instant instant(Instant instant) {
    if (instant.isBefore(EARLIEST)) {
      return EARLIEST;
    }
    return instant.isAfter(LATEST) ? LATEST : instant.truncatedTo(ChronoUnit.MICROS);
  }
}
