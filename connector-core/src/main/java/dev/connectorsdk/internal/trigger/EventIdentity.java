package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.internal.Sha256;
import dev.connectorsdk.trigger.SubscriptionSpec.Order;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * By what an event is recognised, and with which others it is in line.
 *
 * @param id unique in its subscription
 * @param order the same for events that are handled one after another
 */
record EventIdentity(String id, String order) {

  private static final String ALL_IN_LINE = "all";
  private static final String LINE_OF_KEY = "key ";

  /**
   * Returns the identity of an event.
   *
   * @param random for an event that nothing is recognised by
   */
  static EventIdentity of(Event<?> event, Order order, RandomGenerator random) {
    String id = event.id().isEmpty() ? anyId(random) : storable(event.id());
    return new EventIdentity(
        id,
        switch (order) {
          case ALL -> ALL_IN_LINE;
          case PER_KEY -> event.key().isEmpty() ? id : LINE_OF_KEY + storable(event.key());
          case NONE -> id;
        });
  }

  /** Returns the identity of a batch: the same for the same events. */
  static EventIdentity ofBatch(List<EventIdentity> events, Order order) {
    StringBuilder all = new StringBuilder();
    events.forEach(event -> all.append(event.id().length()).append(':').append(event.id()));
    String id = events.size() == 1 ? events.get(0).id() : "batch " + digest(all.toString());
    return new EventIdentity(id, order == Order.ALL ? ALL_IN_LINE : id);
  }

  private static String anyId(RandomGenerator random) {
    return "any " + new UUID(random.nextLong(), random.nextLong());
  }

  /** A service may send what a database cannot keep, or what would be taken for a line. */
  private static String storable(String text) {
    boolean isLine = text.equals(ALL_IN_LINE) || text.startsWith(LINE_OF_KEY);
    return text.indexOf(0) < 0 && isWellFormed(text) && !isLine ? text : "sha256 " + digest(text);
  }

  private static boolean isWellFormed(String text) {
    try {
      StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static String digest(String text) {
    return Sha256.hex(text.getBytes(StandardCharsets.UTF_16BE));
  }
}
