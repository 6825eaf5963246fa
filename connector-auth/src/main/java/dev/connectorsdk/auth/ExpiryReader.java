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
      if (end != null && isLife(Duration.between(now, end))) {
        return end;
      }
    }
    return null;
  }

  private static boolean isLife(Duration life) {
    return life.compareTo(Duration.ofSeconds(1)) >= 0 && life.compareTo(LONGEST_LIFE) <= 0;
  }

  private static @Nullable Instant expiresAt(
      Expiry.Way way, AnswerBody body, @Nullable String token, Instant now) {
    return switch (way.kind()) {
      case JWT -> token == null ? null : Jwts.expiry(token);
      case FIXED -> now.plus(way.after());
      case SECONDS, MILLISECONDS, DURATION, INSTANT -> {
        JsonNode said = way.place().isEmpty() ? null : body.find(List.of(way.place()));
        yield said == null ? null : said(way.kind(), said, now);
      }
    };
  }

  private static @Nullable Instant said(Expiry.Kind kind, JsonNode said, Instant now) {
    return switch (kind) {
      case SECONDS -> after(now, number(said), 1000);
      case MILLISECONDS -> after(now, number(said), 1);
      case DURATION -> {
        Duration life = duration(said.asString(""));
        yield life != null && isLife(life) ? now.plus(life) : null;
      }
      case INSTANT -> instant(said.asString(""));
      case JWT, FIXED -> null;
    };
  }

  private static @Nullable Double number(JsonNode said) {
    if (!said.isNumber() && !said.isString()) {
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
    if (text.toUpperCase(Locale.ROOT).startsWith("P")) {
      return iso(text);
    }
    Matcher clock = CLOCK.matcher(text.strip());
    if (clock.matches()) {
      return duration(0, part(clock, 1), part(clock, 2), part(clock, 3));
    }
    Matcher units = UNITS.matcher(text.strip().toLowerCase(Locale.ROOT));
    return units.matches()
        ? duration(part(units, 1), part(units, 2), part(units, 3), part(units, 4))
        : null;
  }

  private static @Nullable Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }

  private static Duration duration(long days, long hours, long minutes, long seconds) {
    return Duration.ofDays(days).plusHours(hours).plusMinutes(minutes).plusSeconds(seconds);
  }

  private static long part(Matcher units, int group) {
    String digits = units.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static @Nullable Instant instant(String text) {
    String value = text.strip();
    if (value.matches("\\d{1,16}(\\.\\d+)?")) {
      double number = Double.parseDouble(value);
      return Instant.ofEpochMilli((long) (number < MILLISECONDS_FROM ? number * 1000 : number));
    }
    try {
      return date(value.replace(' ', 'T'));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Instant date(String iso) {
    if (iso.length() == 10) {
      return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    return iso.matches(".*(Z|[+-]\\d\\d:?\\d\\d)")
        ? OffsetDateTime.parse(iso.replaceFirst("([+-]\\d\\d)(\\d\\d)$", "$1:$2")).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }
}
