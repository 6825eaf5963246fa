package dev.connectorsdk.api;

import dev.connectorsdk.api.OverlappingCursor.Earlier;
import dev.connectorsdk.api.OverlappingCursor.Reading;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.internal.SeenIds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A trigger that reads a little more than what is new, and leaves out what it has found before. */
final class OverlappingTrigger<C, K, E> extends BuiltPolling<C, E>
    implements PollingTrigger<C, OverlappingCursor<K>, E> {

  private static final int MOST_IDS = 2_000;
  private static final int FEWEST_EARLIER = 3;
  private static final int MOST_EARLIER = 20;
  private static final int LARGEST_EARLIER = 16 * 1024;
  private static final int MOST_LOOKS = 10;

  private final Shape<OverlappingCursor<K>> cursor;
  private final @Nullable UnaryOperator<K> back;
  private final Duration age;
  private final PollingTrigger.Handler<C, K, E> handler;

  /**
   * @param back moves a cursor back, or {@code null} if an earlier one is taken
   * @param age how old that one has to be
   */
  OverlappingTrigger(
      PollingTrigger.Builder<C, K, E> from,
      @Nullable UnaryOperator<K> back,
      Duration age,
      PollingTrigger.Handler<C, K, E> handler) {
    super(from);
    this.cursor = Shape.overlapping(from.cursor);
    this.back = back;
    this.age = age;
    this.handler = handler;
  }

  @Override
  public Shape<OverlappingCursor<K>> cursor() {
    return cursor;
  }

  @Override
  public Batch<OverlappingCursor<K>, E> poll(
      Poll<C, OverlappingCursor<K>> poll, ActionContext context) throws Exception {
    OverlappingCursor<K> at = poll.cursor();
    if (at == null) {
      at = new OverlappingCursor<>(null, false, "", List.of(), null);
    }
    Answer<K, E> answer = answer(poll, at, context);
    SeenIds found = SeenIds.of(answer.reading().found());
    List<Event<E>> events = unknown(at, answer.batch().events(), found);
    OverlappingCursor<K> next =
        answer.goesOn()
            ? at.goingOn(answer.batch().next(), answer.reading().began(), found.last(MOST_IDS))
            : finished(poll, at, answer, found, context);
    return new Batch<>(events, next, answer.goesOn(), answer.batch().pause());
  }

  /** What a poll of the author's code returned, and of which reading it is a part. */
  private record Answer<K, E>(Reading<K> reading, Batch<K, E> batch) {

    boolean goesOn() {
      return batch.more() && isElsewhere();
    }

    boolean isElsewhere() {
      return !batch.next().equals(reading.at());
    }
  }

  private Answer<K, E> answer(Poll<C, ?> poll, OverlappingCursor<K> at, ActionContext context)
      throws Exception {
    Reading<K> reading = at.reading();
    if (reading == null) {
      reading = new Reading<>(start(at), poll.now(), "");
    }
    try {
      return new Answer<>(reading, ask(poll, reading.at(), context));
    } catch (Exception e) {
      K newest = at.cursor();
      if (newest == null || newest.equals(reading.at()) || !CursorLostException.isMeantBy(e)) {
        throw e;
      }
      // What was left behind is forgotten, and what comes after the newest cursor is not.
      return new Answer<>(new Reading<>(newest, poll.now(), ""), ask(poll, newest, context));
    }
  }

  private @Nullable K start(OverlappingCursor<K> at) {
    K newest = at.cursor();
    if (newest == null || at.fresh()) {
      return newest;
    }
    return back == null ? at.earlier().get(0).cursor() : back.apply(newest);
  }

  private Batch<K, E> ask(Poll<C, ?> poll, @Nullable K from, ActionContext context)
      throws Exception {
    return handler.poll(
        new Poll<>(poll.configuration(), from, poll.start(), poll.limit(), poll.now()), context);
  }

  private List<Event<E>> unknown(OverlappingCursor<K> at, List<Event<E>> events, SeenIds found) {
    // What was found when looking back may have happened after the start.
    SeenIds known = SeenIds.of(at.fresh() ? "" : at.known());
    List<Event<E>> unknown = new ArrayList<>();
    for (Event<E> event : events) {
      if (event.id().isEmpty()) {
        throw new IllegalStateException(
            "Trigger '" + id() + "' has an overlap, so that each of its events needs an id");
      }
      if (found.add(event.id()) && !known.contains(event.id())) {
        unknown.add(event);
      }
    }
    return unknown;
  }

  private OverlappingCursor<K> finished(
      Poll<C, ?> poll,
      OverlappingCursor<K> at,
      Answer<K, E> answer,
      SeenIds found,
      ActionContext context)
      throws Exception {
    K newest = at.cursor();
    if (newest == null) {
      lookBack(poll, answer.batch().next(), found, context);
    } else if (at.fresh()) {
      found.addAll(SeenIds.of(at.known()));
    }
    // An idle service gives back the cursor that it was asked with, which was moved back.
    boolean idle = at.reading() == null && !answer.isElsewhere();
    K end = newest != null && idle ? newest : answer.batch().next();
    return new OverlappingCursor<>(
        end,
        newest == null,
        found.last(MOST_IDS),
        earlier(at.earlier(), end, answer.reading().began(), poll.now()),
        null);
  }

  /** Notes what is in the overlap and happened before the start, so that it is no event. */
  private void lookBack(Poll<C, ?> poll, K start, SeenIds found, ActionContext context)
      throws Exception {
    K from = back == null ? start : back.apply(start);
    for (int i = 0; i < MOST_LOOKS && !from.equals(start); i++) {
      Batch<K, E> batch;
      try {
        batch = ask(poll, from, context);
      } catch (Exception e) {
        if (CursorLostException.isMeantBy(e)) {
          return;
        }
        throw e;
      }
      batch.events().forEach(event -> found.add(event.id()));
      from = batch.more() && !batch.next().equals(from) ? batch.next() : start;
    }
  }

  /**
   * Returns cursors to read from once more; the first one is old enough, if any is. They are so far
   * apart that a few reach back as far as has to be.
   */
  private List<Earlier<K>> earlier(List<Earlier<K>> earlier, K end, Instant began, Instant now) {
    if (back != null) {
      return List.of();
    }
    List<Earlier<K>> all = new ArrayList<>(earlier);
    Earlier<K> newest = all.isEmpty() ? null : all.get(all.size() - 1);
    boolean isFar = newest == null || !newest.since().plus(step(end)).isAfter(now);
    if (isFar && (newest == null || !newest.cursor().equals(end))) {
      all.add(new Earlier<>(end, now));
    }
    while (all.size() > 1 && !all.get(1).since().isAfter(began.minus(age))) {
      all.remove(0);
    }
    return all;
  }

  private Duration step(K cursor) {
    int size = JsonMapper.shared().writeValueAsString(cursor).length();
    int most = Math.max(FEWEST_EARLIER, Math.min(MOST_EARLIER, LARGEST_EARLIER / size));
    return age.dividedBy(most - 2L);
  }
}
