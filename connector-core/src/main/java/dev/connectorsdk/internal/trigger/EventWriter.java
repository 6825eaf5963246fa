package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.spi.TriggerStore.NewEvent;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.internal.trigger.SubscriptionSettings.Handling;
import dev.connectorsdk.trigger.SubscriptionSpec.Order;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Turns events that were found or sent into rows of the inbox. Safe for several threads. */
final class EventWriter {

  /** As bytes of JSON; a store takes 1,000,000 characters, encrypted. */
  private static final int LARGEST_PAYLOAD = 700_000;

  private static final int MOST_ROWS = 100_000;
  private static final long MOST_BYTES = 16 * 1024 * 1024;

  private final Subscriptions subscriptions;
  private final RandomGenerator random;

  EventWriter(Subscriptions subscriptions, RandomGenerator random) {
    this.subscriptions = subscriptions;
    this.random = random;
  }

  /** What becomes one row. */
  private record Piece(EventIdentity identity, String payload, int bytes) {

    static Piece of(EventIdentity identity, String payload) {
      return new Piece(identity, payload, payload.getBytes(StandardCharsets.UTF_8).length);
    }

    boolean isTooLarge() {
      return bytes > LARGEST_PAYLOAD;
    }
  }

  /**
   * Returns events, or batches of them, ready to be stored. What is too large for the inbox is left
   * without its payload, so that it holds back nothing that comes after it.
   *
   * @throws ActionFailedException if they are too much for one transaction
   */
  List<NewEvent> rows(StoredSubscription row, Handling handling, List<Event<JsonNode>> found) {
    List<Piece> pieces = new ArrayList<>();
    for (Event<JsonNode> event : found) {
      EventIdentity identity = EventIdentity.of(event, handling.order(), random);
      pieces.add(Piece.of(identity, event.payload().toString()));
    }
    if (handling.batches()) {
      pieces = batches(pieces, handling.order());
    }
    requireRoom(row, pieces);
    return pieces.stream().map(piece -> row(row.id(), piece)).toList();
  }

  private NewEvent row(String subscription, Piece piece) {
    EventIdentity identity = piece.identity();
    return piece.isTooLarge()
        ? new NewEvent(identity.id(), identity.order(), Sealed.NONE)
        : subscriptions.event(subscription, identity, piece.payload());
  }

  /** Returns as few batches as the inbox takes. */
  private static List<Piece> batches(List<Piece> events, Order order) {
    List<Piece> batches = new ArrayList<>();
    List<Piece> batch = new ArrayList<>();
    long bytes = 0;
    for (Piece event : events) {
      long more = event.bytes() + 2L; // its comma, or a bracket
      if (!batch.isEmpty() && bytes + more > LARGEST_PAYLOAD) {
        batches.add(batch(batch, order));
        batch.clear();
        bytes = 0;
      }
      batch.add(event);
      bytes += more;
    }
    if (!batch.isEmpty()) {
      batches.add(batch(batch, order));
    }
    return batches;
  }

  private static Piece batch(List<Piece> events, Order order) {
    return Piece.of(
        EventIdentity.ofBatch(events.stream().map(Piece::identity).toList(), order),
        events.stream().map(Piece::payload).collect(Collectors.joining(",", "[", "]")));
  }

  private static void requireRoom(StoredSubscription row, List<Piece> pieces) {
    long bytes = pieces.stream().filter(piece -> !piece.isTooLarge()).mapToLong(Piece::bytes).sum();
    if (bytes > MOST_BYTES || pieces.size() > MOST_ROWS) {
      throw new ActionFailedException(
          "Trigger '"
              + row.subject().trigger()
              + "' returned "
              + pieces.size()
              + " events of "
              + bytes
              + " bytes as JSON at once, and 100,000 of 16 MiB are the most: have it watch less, or"
              + " rewind it to now");
    }
  }
}
