package dev.connectorsdk.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A request that {@link PlayedService} got.
 *
 * @param target path and query as they were sent
 * @param headers by lower-case name
 * @param at when it came, by the clock of the test
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by the text of its body.
record PlayedRequest(
    String method, String target, Map<String, List<String>> headers, byte[] body, Instant at) {

  /** Returns method and path, by which answers are found. */
  String key() {
    int query = target.indexOf('?');
    return method + " " + (query < 0 ? target : target.substring(0, query));
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  String header(String name) {
    List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  /** Returns whether it asks for a token, RFC 6749 section 4. */
  boolean asksForToken() {
    return method.equals("POST") && ("&" + text()).contains("&grant_type=");
  }

  /** Returns whether it changes nothing, RFC 9110 section 9.2.1. */
  boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /** Returns what two repetitions of it have in common. */
  String sameness() {
    return method + " " + target + "\n" + text();
  }
}
