package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header Retry-After, RFC 9110 section 10.2.3, and what some services send though it is
 * not allowed: a sign, decimals, and several values.
 */
public final class RetryAfter {

  private static final String RETRY_AFTER = "retry-after";
  private static final String NAME = "Date";

  /** What stands for "at once", so that nobody is called in a tight loop. */
  static final Duration MINIMUM = Duration.ofMillis(500);

  private static final Duration MAXIMUM = Duration.ofDays(365);

  private RetryAfter() {}

  /**
   * Returns the pause that a service asks for, or {@code null} if it does not or cannot be
   * understood. A date is judged by the answer's own, if it has one: the clocks may differ.
   */
  static @Nullable Duration of(HttpResponse answer, Clock clock) {
    if (answer.header(RETRY_AFTER) == null) {
      return null;
    }
    String date = answer.header("Date");
    Instant now = clock.instant();
    Duration longest = null;
    for (String value : answer.headers().getOrDefault(RETRY_AFTER, List.of())) {
      longest = longer(longest, of(value, date, now));
    }
    return longest;
  }

  /** Whoever asks for one more pause has asked for each. */
  private static @Nullable Duration longer(@Nullable Duration one, @Nullable Duration other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) < 0 ? other : one;
  }

  /** Returns the same for the values of the headers Retry-After and Date. */
  public static @Nullable Duration of(@Nullable String value, @Nullable String date, Instant now) {
    if (value == null || value.isBlank()) {
      return null;
    }
    String text = value.strip();
    List<String> numbers = Arrays.stream(text.split(",")).map(String::strip).toList();
    if (numbers.stream().allMatch(RetryAfter::isNumber)) {
      Duration longest = null;
      for (String number : numbers) {
        longest = longer(longest, seconds(number));
      }
      return longest == null ? null : atLeastMinimum(longest);
    }
    Instant at = httpDate(text);
    return at == null ? null : atLeastMinimum(Duration.between(serverNow(date, now), at));
  }

  private static boolean isNumber(String text) {
    int first = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int point = text.indexOf('.');
    return point < 0
        ? areDigits(text.substring(first))
        : areDigits(text.substring(first, Math.max(first, point)))
            && areDigits(text.substring(point + 1));
  }

  private static boolean areDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** A part of a second counts as a whole one: nobody is to come too early. */
  private static Duration seconds(String number) {
    if (number.startsWith("-")) {
      return Duration.ZERO;
    }
    int point = number.indexOf('.');
    String whole = point < 0 ? number : number.substring(0, point);
    boolean more = point >= 0 && number.chars().skip(point + 1).anyMatch(c -> c != '0');
    return whole.length() > 9
        ? MAXIMUM
        : Duration.ofSeconds(Long.parseLong(whole) + (more ? 1 : 0));
  }

  private static Instant serverNow(@Nullable String date, Instant now) {
    Instant there = date == null ? null : httpDate(date.strip());
    return there == null ? now : there;
  }

  /**
   * Returns a date in any of the three forms of RFC 9110, section 5.6.7, and some that are none.
   */
  private static @Nullable Instant httpDate(String text) {
    return new Headers.Builder().addUnsafeNonAscii(NAME, text).build().getInstant(NAME);
  }

  private static Duration atLeastMinimum(Duration pause) {
    if (pause.compareTo(MINIMUM) < 0) {
      return MINIMUM;
    }
    return pause.compareTo(MAXIMUM) > 0 ? MAXIMUM : pause;
  }
}
