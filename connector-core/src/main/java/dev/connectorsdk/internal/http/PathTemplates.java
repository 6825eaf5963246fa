package dev.connectorsdk.internal.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The path templates that connector code has used, taken apart. Safe for several threads. */
final class PathTemplates {

  /** Code has fewer; who makes templates of values has no end of them. Others gain nothing here. */
  private static final int MOST = 1_000;

  private final Map<String, PathTemplate> known = new ConcurrentHashMap<>();

  PathTemplate of(String text) {
    PathTemplate template = known.get(text);
    if (template == null) {
      template = PathTemplate.of(text);
      if (template.mayHaveArguments() && known.size() < MOST) {
        known.put(text, template);
      }
    }
    return template;
  }
}
