package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.Expiry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Finds out when a token expires. What is absurd counts as not said. */
final class ExpiryReader {

  private static final Duration LONGEST_LIFE = Duration.ofDays(3650);
  private static final double MILLISECONDS_FROM = 1e11;
  private static final Pattern CLOCK = Pattern.compile("(\\d{1,6}):([0-5]?\\d):([0-5]?\\d)");
  private static final Pattern UNITS =
      Pattern.compile(
          "(?:(\\d{1,6})d)?\\s*(?:(\\d{1,6})h)?\\s*(?:(\\d{1,6})m)?\\s*(?:(\\d{1,9})s)?");

  private ExpiryReader() {}

  static @Nullable Instant expiresAt(
      Expiry expiry, AnswerBody body, @Nullable String token, Instant now) {
    for (Expiry.Way way : expiry.ways()) {
      Instant end = expiresAt(way, body, token, now);
      if (end != null) {
        Duration life = Duration.between(now, end);
        if (life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(LONGEST_LIFE) <= 0) {
          return end;
        }
      }
    }
    return null;
  }

  private static @Nullable Instant expiresAt(
      Expiry.Way way, AnswerBody body, @Nullable String token, Instant now) {
    JsonNode said = way.place().isEmpty() ? null : body.find(List.of(way.place()));
    return switch (way.kind()) {
      case SECONDS -> after(now, number(said), 1000);
      case MILLISECONDS -> after(now, number(said), 1);
      case DURATION -> {
        Duration life = said == null ? null : duration(said.asString(""));
        yield life == null || life.compareTo(LONGEST_LIFE) > 0 || life.isNegative()
            ? null
            : now.plus(life);
      }
      case INSTANT -> said == null ? null : instant(said.asString(""));
      case JWT -> token == null ? null : Jwts.expiry(token);
      case FIXED -> now.plus(way.after());
    };
  }

  private static @Nullable Double number(@Nullable JsonNode said) {
    if (said == null || !(said.isNumber() || said.isString())) {
      return null;
    }
    double number = said.asDouble(Double.NaN);
    return Double.isFinite(number) ? number : null;
  }

  private static @Nullable Instant after(Instant now, @Nullable Double amount, int millis) {
    if (amount == null || amount < 1 || amount * millis > LONGEST_LIFE.toMillis()) {
      return null;
    }
    return now.plusMillis((long) Math.floor(amount) * millis);
  }

  private static @Nullable Duration duration(String text) {
    try {
      if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
        return Duration.parse(text);
      }
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
    Matcher clock = CLOCK.matcher(text.strip());
    if (clock.matches()) {
      return Duration.ofHours(Long.parseLong(clock.group(1)))
          .plusMinutes(Long.parseLong(clock.group(2)))
          .plusSeconds(Long.parseLong(clock.group(3)));
    }
    Matcher units = UNITS.matcher(text.strip().toLowerCase(Locale.ROOT));
    return units.matches()
        ? Duration.ofDays(part(units, 1))
            .plusHours(part(units, 2))
            .plusMinutes(part(units, 3))
            .plusSeconds(part(units, 4))
        : null;
  }

  private static long part(Matcher units, int group) {
    String digits = units.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static @Nullable Instant instant(String text) {
    String value = text.strip();
    try {
      if (value.matches("\\d{1,16}(\\.\\d+)?")) {
        double number = Double.parseDouble(value);
        return Instant.ofEpochMilli((long) (number < MILLISECONDS_FROM ? number * 1000 : number));
      }
      if (value.length() == 10) {
        return LocalDate.parse(value).atStartOfDay().toInstant(ZoneOffset.UTC);
      }
      String iso = value.replace(' ', 'T');
      return iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
          ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant()
          : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
