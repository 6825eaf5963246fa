package dev.connectorsdk.api;

import dev.connectorsdk.api.ListCursor.Reading;
import dev.connectorsdk.api.ListTriggerBuilder.Items;
import dev.connectorsdk.api.ListTriggerBuilder.Page;
import dev.connectorsdk.api.ListTriggerBuilder.PageReader;
import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.internal.SeenIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One poll of a list: some pages of a reading. For one thread. */
final class ListPoll<C, E> {

  private static final int MOST_PAGES = 10;
  private static final int MOST_IDS = 2_000;
  private static final int LONGEST_TOKEN = 4_096;

  /** How services say that they do not know the token of a page. */
  private static final Set<Integer> UNKNOWN_TOKEN = Set.of(400, 404, 410);

  private final ItemRules<E> rules;
  private final PageReader<C, E> reader;
  private final Poll<C, ?> poll;
  private final ActionContext context;
  private final ListCursor at;
  private final SeenIds known;
  private final SeenIds found;
  private final List<Event<E>> events = new ArrayList<>();
  private Reading reading;

  /**
   * @param at with a reading to go on with
   */
  ListPoll(
      ItemRules<E> rules,
      PageReader<C, E> reader,
      Poll<C, ?> poll,
      ActionContext context,
      ListCursor at) {
    this.rules = rules;
    this.reader = reader;
    this.poll = poll;
    this.context = context;
    this.at = at;
    this.reading = Objects.requireNonNull(at.reading());
    this.known = SeenIds.of(at.known());
    this.found = SeenIds.of(reading.found());
  }

  Batch<ListCursor, E> batch() throws Exception {
    boolean finished = false;
    for (int i = 0; i < MOST_PAGES && !finished && events.size() < poll.limit(); i++) {
      Items<E> page = read(i == 0 && reading.token() != null);
      rules.checkOrder(page.items());
      lowerFloor(page.items());
      List<Event<E>> fresh = unknown(page.items());
      if (!events.isEmpty() && events.size() + fresh.size() > poll.limit()) {
        break; // The page is read again by the next poll.
      }
      take(page, fresh);
      finished = isLast(page);
    }
    if (rules.newestFirst) {
      Collections.reverse(events);
    }
    return finished && !needsSecondReading() ? finished() : goingOn(finished);
  }

  private Items<E> read(boolean mayBeForgotten) throws Exception {
    try {
      return reader.read(page(), context);
    } catch (Exception e) {
      if (!mayBeForgotten || !isUnknownToken(e)) {
        throw e;
      }
      reading = reading.fromTheFirstPage(reading.again());
      return reader.read(page(), context);
    }
  }

  private static boolean isUnknownToken(Exception failure) {
    return failure instanceof CursorLostException
        || (failure instanceof ServiceException answer && UNKNOWN_TOKEN.contains(answer.status()));
  }

  private Page<C> page() {
    Long floor = reading.floor();
    boolean timed = rules.areTimed();
    return new Page<>(
        poll.configuration(),
        reading.token(),
        floor == null || !timed ? null : Instant.ofEpochMilli(floor),
        timed ? null : floor);
  }

  /** Reads no further back than the overlap if nothing that was there before is wanted. */
  private void lowerFloor(List<E> items) {
    if (reading.quota() != null && reading.floor() == null && rules.newestFirst) {
      reading = reading.withFloor(rules.floor(rules.top(null, items, poll.now()), null));
    }
  }

  private List<Event<E>> unknown(List<E> items) {
    Long floor = reading.floor();
    SeenIds onPage = new SeenIds();
    List<Event<E>> unknown = new ArrayList<>();
    for (E item : items.subList(0, endOfNews(items))) {
      Event<E> event = rules.event(item);
      if ((floor == null || rules.mark(item) >= floor)
          && !known.contains(event.id())
          && !found.contains(event.id())
          && onPage.add(event.id())) {
        unknown.add(event);
      }
    }
    Integer quota = reading.quota();
    return quota == null || quota >= unknown.size() ? unknown : unknown.subList(0, quota);
  }

  private void take(Items<E> page, List<Event<E>> fresh) {
    Long floor = reading.floor();
    for (E item : page.items()) {
      if (floor == null || rules.mark(item) >= floor) {
        found.add(rules.event(item).id());
      }
    }
    events.addAll(fresh);
    Long top = rules.top(reading.top(), page.items(), poll.now());
    reading = reading.after(top, fresh.size(), checked(page.next()));
  }

  private @Nullable String checked(@Nullable String next) {
    if (next == null) {
      return null;
    }
    if (next.length() > LONGEST_TOKEN) {
      throw new IllegalStateException("The token of a page is longer than 4,096 characters");
    }
    if (next.equals(reading.token()) || next.equals(reading.passed())) {
      throw new IllegalStateException("The next page is one that was read before");
    }
    return next;
  }

  private boolean isLast(Items<E> page) {
    if (reached(page.items())) {
      return true;
    }
    if (page.next() == null) {
      checkNothingIsMissing(page.items());
    }
    return page.next() == null;
  }

  /** Returns whether what comes after a page was there before, or is not wanted. */
  private boolean reached(List<E> items) {
    Integer quota = reading.quota();
    if (!rules.newestFirst || items.isEmpty() || (quota != null && quota > 0)) {
      return false;
    }
    if (rules.areMarked()) {
      return rules.endBelow(reading.floor(), items);
    }
    return quota != null || isKnown(last(items)) || endOfNews(items) < items.size();
  }

  /**
   * Returns how many items of a page come before others that were deleted ones have moved onto it.
   * These come after the last one that is known, in a list that has nothing else to tell by. Half
   * of the page has to be known, and as many as are on it: a few that are pinned to the top, or
   * were moved there, say nothing about those after them.
   */
  private int endOfNews(List<E> items) {
    if (!rules.newestFirst || rules.areMarked() || known.size() < items.size()) {
      return items.size();
    }
    int count = 0;
    int end = 0;
    for (int i = 0; i < items.size(); i++) {
      if (isKnown(items.get(i))) {
        count++;
        end = i + 1;
      }
    }
    return count > 0 && 2 * count >= items.size() ? end : items.size();
  }

  private E last(List<E> items) {
    return items.get(items.size() - 1);
  }

  private boolean isKnown(E item) {
    return known.contains(rules.event(item).id());
  }

  private void checkNothingIsMissing(List<E> items) {
    if (!at.begun() || !rules.newestFirst || items.size() < rules.longest) {
      return;
    }
    Long mark = at.mark();
    boolean isOld = mark != null && rules.mark(last(items)) < mark;
    if (!isOld && !isKnown(last(items))) {
      throw new CursorLostException(
          "The service lists no more than "
              + rules.longest
              + " items, and the last one was not there before: others may be missing");
    }
  }

  /** What was deleted while several pages were read has moved others to pages read before. */
  private boolean needsSecondReading() {
    return reading.pages() > 1 && reading.quota() == null && !reading.again();
  }

  private Batch<ListCursor, E> finished() {
    Long mark = ItemRules.greater(at.mark(), reading.top());
    return new Batch<>(events, new ListCursor(mark, at.from(), ids(), true, null), false);
  }

  private Batch<ListCursor, E> goingOn(boolean fromTheFirstPage) {
    Reading rest = (fromTheFirstPage ? reading.fromTheFirstPage(true) : reading).withFound(ids());
    return new Batch<>(
        events, new ListCursor(at.mark(), at.from(), at.known(), at.begun(), rest), true);
  }

  private String ids() {
    return rules.newestFirst ? found.first(MOST_IDS) : found.last(MOST_IDS);
  }
}
