package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.http.WireResponse;
import org.jspecify.annotations.Nullable;

/** What a policy does to a request before it is sent. Shared by all calls. */
@FunctionalInterface
interface RequestStep {

  /**
   * Works on the request.
   *
   * @return an answer that ends the call, or {@code null} to go on
   */
  @Nullable WireResponse apply(RequestMessage request);

  /** Returns where it sends requests, or {@code null} if it moves none. */
  default @Nullable ServiceAddress address() {
    return null;
  }

  /** Notes what it sets, and whether the caller has a say in that. */
  default void note(CallerChoices choices) {}

  /**
   * Returns whether it puts a connection parameter into the header or query parameter of a name.
   */
  default boolean sends(String connectionParameter, String name) {
    return false;
  }
}
