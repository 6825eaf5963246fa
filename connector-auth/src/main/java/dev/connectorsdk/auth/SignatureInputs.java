package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.SignatureScheme.Timestamps;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the templates of one attempt can name. */
final class SignatureInputs {

  private static final DateTimeFormatter BASIC = utc("yyyyMMdd'T'HHmmss'Z'");
  private static final DateTimeFormatter EXTENDED = utc("yyyy-MM-dd'T'HH:mm:ss'Z'");
  private static final DateTimeFormatter HTTP = utc("EEE, dd MMM yyyy HH:mm:ss 'GMT'");
  private static final DateTimeFormatter MAIL = utc("EEE, dd MMM yyyy HH:mm:ss '-0000'");

  private final AuthRequest request;
  private final UnaryOperator<String> parameters;
  private final Map<String, String> values = new HashMap<>();

  SignatureInputs(
      AuthRequest request,
      UnaryOperator<String> parameters,
      Timestamps timestamps,
      Instant now,
      RandomGenerator random) {
    this.request = request;
    this.parameters = parameters;
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    put("nonce", Hashes.hex(nonce));
    put("timestamp", timestamp(timestamps, now));
  }

  private static DateTimeFormatter utc(String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
  }

  private static String timestamp(Timestamps format, Instant now) {
    return switch (format) {
      case EPOCH_SECONDS -> Long.toString(now.getEpochSecond());
      case EPOCH_MILLIS -> Long.toString(now.toEpochMilli());
      case ISO_8601 -> EXTENDED.format(now);
      case ISO_8601_BASIC -> BASIC.format(now);
      case HTTP_DATE -> HTTP.format(now);
      case MAIL_DATE -> MAIL.format(now);
    };
  }

  void put(String name, String value) {
    values.put(name, value);
  }

  static String text(byte[] value) {
    return new String(value, UTF_8);
  }

  byte[] get(String name) {
    if (name.equals("body")) {
      return request.body();
    }
    String known = values.get(name);
    return (known == null ? ofRequest(name) : known).getBytes(UTF_8);
  }

  private String ofRequest(String name) {
    return switch (name) {
      case "method" -> request.method();
      case "scheme" -> request.uri().getScheme();
      case "host" -> orEmpty(request.header("Host"));
      case "path" -> orEmpty(request.uri().getRawPath());
      case "query" -> orEmpty(request.uri().getRawQuery());
      default ->
          name.startsWith("header:")
              ? orEmpty(request.header(name.substring("header:".length())))
              : parameters.apply(name.substring("parameter:".length()));
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
