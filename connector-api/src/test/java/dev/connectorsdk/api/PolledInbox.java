package dev.connectorsdk.api;

import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a runtime does with a polling trigger: it stores the cursor as JSON, and an event whose id
 * it has not seen.
 */
final class PolledInbox<K, E> {

  private static final int ENDLESS = 1_000;

  private final PollingTrigger<Nothing, K, E> trigger;
  private final Start start;
  private final int limit;
  private final Set<String> ids = new HashSet<>();
  final List<E> stored = new ArrayList<>();
  final List<E> found = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T12:00:00Z");
  int polls;
  @Nullable String cursor;

  PolledInbox(PollingTrigger<Nothing, K, E> trigger, Start start, int limit) {
    this.trigger = trigger;
    this.start = start;
    this.limit = limit;
  }

  /** Polls until there is nothing more for now, and returns what was not stored before. */
  List<E> poll() throws Exception {
    List<E> fresh = new ArrayList<>();
    boolean more = true;
    for (int i = 0; more; i++) {
      if (i == ENDLESS) {
        throw new AssertionError("It never comes to an end");
      }
      Batch<K, E> batch = pollOnce();
      more = batch.more();
      for (Event<E> event : batch.events()) {
        found.add(event.payload());
        if (ids.add(event.id())) {
          fresh.add(event.payload());
        }
      }
    }
    stored.addAll(fresh);
    return fresh;
  }

  private Batch<K, E> pollOnce() throws Exception {
    JsonMapper json = JsonMapper.shared();
    var type = json.constructType(trigger.cursor().type());
    K at = cursor == null ? null : json.readValue(cursor, type);
    Batch<K, E> batch = trigger.poll(new Poll<>(Nothing.NOTHING, at, start, limit, now), null);
    cursor = json.writerFor(type).writeValueAsString(batch.next());
    polls++;
    return batch;
  }

  void forgetIds() {
    ids.clear();
  }

  void pass(Duration time) {
    now = now.plus(time);
  }
}
