package dev.connectorsdk.internal.http;

import org.jspecify.annotations.Nullable;

/** What fills the names between the braces of a connector's URL templates. */
@FunctionalInterface
public interface TemplateValues {

  /**
   * Returns a declared parameter and its value.
   *
   * @param name without regard to case
   * @return {@code null} if the connector declares no such parameter
   */
  UrlTemplate.@Nullable Value get(String name);
}
