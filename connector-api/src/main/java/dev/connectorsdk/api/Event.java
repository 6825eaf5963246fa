package dev.connectorsdk.api;

import java.util.Objects;

/**
 * One thing that happened at a service, as a trigger found it or was sent it.
 *
 * @param id the same each time this event is found or sent, so that a repetition is recognised;
 *     empty if there is nothing to recognise it by
 * @param payload what happened
 * @param <E> the type of the payload
 */
public record Event<E>(String id, E payload) {

  public Event {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(payload, "payload");
  }
}
