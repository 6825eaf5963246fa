package dev.connectorsdk.api;

import java.util.Optional;
import java.util.Set;

/** One operation of a connector: what is known of an {@link Action} and a {@link Trigger} alike. */
public sealed interface ConnectorOperation permits Action, Trigger {

  /** Returns the id, unique among the actions or among the triggers of its connector. */
  String id();

  /** Returns the name that people read. */
  String title();

  /** Returns what the operation does, for people and for agents; empty if the author gave none. */
  String description();

  /** Returns whether new work should not use the operation any more. It still runs. */
  default boolean isDeprecated() {
    return false;
  }

  /** Returns whether the operation is a helper that people are not offered. It still runs. */
  default boolean isInternal() {
    return false;
  }

  /** Returns the words by which operations are sorted and chosen; empty if the author gave none. */
  default Set<String> tags() {
    return Set.of();
  }

  /**
   * Returns what helps people to fill in the input or configuration, if the schema alone is not
   * enough.
   */
  default Optional<Form> form() {
    return Optional.empty();
  }
}
