package dev.connectorsdk.api;

import java.util.Objects;

/**
 * One thing that happened at a service, as a trigger found it or was sent it.
 *
 * @param id the same each time this event is found or sent, and no other's, so that a repetition is
 *     recognised; at most 500 characters; empty if there is nothing to recognise it by. If the
 *     service numbers events per filter, the filter is a part of it
 * @param key what the event is about, such as the id of an item: a subscription may ask that events
 *     of one key are handled one after another; at most 500 characters, and empty if there is none
 * @param payload what happened
 * @param <E> the type of the payload
 */
public record Event<E>(String id, String key, E payload) {

  private static final int LONGEST = 500;

  public Event {
    require("id", id);
    require("key", key);
    Objects.requireNonNull(payload, "payload");
  }

  /** Returns an event without a key. */
  public Event(String id, E payload) {
    this(id, "", payload);
  }

  /**
   * Returns the event that an item got a new version. Its id is made of both, so that a second
   * change of the same item is another event; its key is the item.
   *
   * @param item the id of the item
   * @param version what differs after each change, such as a number, an ETag or a time
   */
  public static <E> Event<E> changed(String item, Object version, E payload) {
    return new Event<>(item + "@" + version, item, payload);
  }

  private static void require(String what, String text) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " of an event must have at most 500 characters, but has "
              + text.length());
    }
  }
}
