package dev.connectorsdk.internal.gateway.seal;

import dev.connectorsdk.internal.http.Origins;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import okhttp3.HttpUrl;

/**
 * Whether a server may take two URLs to lead to one place. Servers differ in what they make of
 * escapes, capitals, empty segments and parameters of a path, so that all of these count as one.
 */
final class SamePlace {

  private SamePlace() {}

  /** Returns whether both may be the same but for the query. */
  static boolean is(HttpUrl one, HttpUrl other) {
    return Origins.of(one).equals(Origins.of(other)) && path(one).equals(path(other));
  }

  private static List<String> path(HttpUrl url) {
    Deque<String> path = new ArrayDeque<>();
    String decoded = String.join("/", url.pathSegments()).replace('\\', '/');
    for (String segment : decoded.split("/", -1)) {
      String name = segment.split(";", 2)[0].toLowerCase(Locale.ROOT);
      if (name.equals("..")) {
        path.pollLast();
      } else if (!name.isEmpty() && !name.equals(".")) {
        path.addLast(name);
      }
    }
    return List.copyOf(path);
  }
}
