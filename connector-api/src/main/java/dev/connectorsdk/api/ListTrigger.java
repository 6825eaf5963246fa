package dev.connectorsdk.api;

import dev.connectorsdk.api.ListCursor.Reading;
import dev.connectorsdk.api.ListTriggerBuilder.PageReader;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The trigger that {@link ListTriggerBuilder} makes. */
final class ListTrigger<C, E> extends BuiltPolling<C, E>
    implements PollingTrigger<C, ListCursor, E> {

  private static final Shape<ListCursor> CURSOR = Shape.of(ListCursor.class);

  private final ItemRules<E> rules;
  private final PageReader<C, E> reader;

  ListTrigger(ListTriggerBuilder<C, E> from, ItemRules<E> rules, PageReader<C, E> reader) {
    super(from);
    this.rules = rules;
    this.reader = Objects.requireNonNull(reader, "reader");
  }

  @Override
  public Shape<ListCursor> cursor() {
    return CURSOR;
  }

  @Override
  public Batch<ListCursor, E> poll(Poll<C, ListCursor> poll, ActionContext context)
      throws Exception {
    ListCursor at = poll.cursor();
    if (at == null) {
      at = begin(poll.start());
    } else if (at.reading() == null) {
      at = goOn(at, poll.now());
    }
    return new ListPoll<>(rules, reader, poll, context, at).batch();
  }

  private static ListCursor begin(Start start) {
    if (start instanceof Start.Since since) {
      Long from = since.instant().toEpochMilli();
      return new ListCursor(null, from, "", false, reading(from, null));
    }
    Integer quota = null;
    if (start instanceof Start.Last last) {
      quota = last.count();
    } else if (start instanceof Start.Now) {
      quota = 0;
    }
    return new ListCursor(null, null, "", false, reading(null, quota));
  }

  private ListCursor goOn(ListCursor at, Instant now) {
    Long mark = rules.notAfter(now, at.mark());
    Reading reading = reading(rules.floor(mark, at.from()), null);
    return new ListCursor(mark, at.from(), at.known(), true, reading);
  }

  private static Reading reading(@Nullable Long floor, @Nullable Integer quota) {
    return new Reading(floor, null, quota, null, 0, null, "", false);
  }
}
