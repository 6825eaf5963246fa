package dev.connectorsdk.examples.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A link to one of the console's own pages. Immutable: each method that changes something returns a
 * copy.
 */
record Link(String path, Map<String, String> query) {

  Link {
    query = new LinkedHashMap<>(query);
  }

  /** Returns the link to what is below {@code base}, each segment percent-encoded. */
  static Link below(String base, String... segments) {
    StringBuilder path = new StringBuilder(base);
    for (String segment : segments) {
      path.append('/').append(encoded(segment));
    }
    return new Link(path.toString(), Map.of());
  }

  /** Returns a copy with a parameter, which takes the place of one of the same name. */
  Link with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(query);
    more.put(name, value);
    return new Link(path, more);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  /** Returns what stands in {@code href}. */
  @Override
  public String toString() {
    return query.isEmpty()
        ? path
        : query.entrySet().stream()
            .map(one -> encoded(one.getKey()) + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&", path + "?", ""));
  }
}
