package dev.connectorsdk.api;

import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.error.CursorLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a polling trigger for a service that lists what it has, page by page. Its
 * code reads one page; the runtime keeps the cursor and finds what is new. Not safe for use by
 * several threads.
 *
 * <pre>{@code
 * PollingTrigger.list("ticketOpened", Nothing.class, Ticket.class)
 *     .titled("When a ticket is opened")
 *     .id(Ticket::id)
 *     .time(Ticket::openedAt, Duration.ofMinutes(2))
 *     .newestFirst(
 *         (page, call) -> {
 *           Tickets found =
 *               call.http().get("/tickets").query("page", page.token()).fetch(Tickets.class);
 *           return new Items<>(found.tickets(), found.next());
 *         });
 * }</pre>
 *
 * <p>An item is an event if it was not there before, by its {@link #id} and {@link #version}. Where
 * items have a {@link #time} or {@link #number}, a poll reads back to the greatest one of the poll
 * before, less the overlap; without, back to an item that was there at the poll before. If that
 * takes many pages, several polls share them, and the pages are read a second time, because items
 * that were deleted meanwhile have moved others to a page that was read already.
 *
 * <p>The events of one poll are in the order in which they happened. Of several polls that share
 * the pages of a list with the newest first, the first one returns the newest events.
 *
 * @param <C> the configuration of one subscription
 * @param <E> an item of the list, which is the payload of an event
 */
public final class ListTriggerBuilder<C, E>
    extends PollingTriggerBuilder<C, E, ListTriggerBuilder<C, E>> {

  /**
   * The page to read.
   *
   * @param configuration what the subscription watches
   * @param token what the page before named as the next one, or {@code null} for the first page
   * @param since items before this time are not needed; {@code null} if all are, or if items have
   *     no time
   * @param atLeast items with smaller numbers are not needed; {@code null} if all are, or if items
   *     have no number
   * @param <C> the configuration of one subscription
   */
  public record Page<C>(
      C configuration, @Nullable String token, @Nullable Instant since, @Nullable Long atLeast) {}

  /**
   * What is on a page.
   *
   * @param items in the order of the list
   * @param next what names the next page to the service: at most 4,096 characters; {@code null} if
   *     this is the last page
   * @param <E> an item
   */
  public record Items<E>(List<E> items, @Nullable String next) {

    public Items {
      items = List.copyOf(items);
    }
  }

  /**
   * The code that reads a page.
   *
   * @param <C> the configuration of one subscription
   * @param <E> an item
   */
  @FunctionalInterface
  public interface PageReader<C, E> {

    /**
     * Reads a page.
     *
     * @param context valid until this method returns
     * @throws Exception as for {@link Action#execute}. If a token is not known any more (an answer
     *     400, 404 or 410, or a {@link CursorLostException}), reading begins anew with the first
     *     page
     */
    Items<E> read(Page<C> page, ActionContext context) throws Exception;
  }

  @Nullable Function<? super E, String> itemId;
  @Nullable Function<? super E, ?> itemVersion;
  @Nullable Function<? super E, String> itemKey;
  @Nullable ToLongFunction<? super E> mark;
  boolean timed;
  long overlap;
  int longest = Integer.MAX_VALUE;

  ListTriggerBuilder(String id, Shape<C> configuration, Shape<E> event) {
    super(id, configuration, event);
  }

  @Override
  ListTriggerBuilder<C, E> self() {
    return this;
  }

  /** Sets what tells an item from all others, also of other configurations. Must be called. */
  public ListTriggerBuilder<C, E> id(Function<? super E, String> id) {
    this.itemId = Objects.requireNonNull(id, "id");
    return this;
  }

  /**
   * Sets what differs after each change of an item, such as a number, an ETag or a time. Then a
   * changed item is an event too, with the item's id as its key.
   */
  public ListTriggerBuilder<C, E> version(Function<? super E, ?> version) {
    this.itemVersion = Objects.requireNonNull(version, "version");
    return this;
  }

  /** Sets what an item is about; see {@link Event#key}. */
  public ListTriggerBuilder<C, E> key(Function<? super E, String> key) {
    this.itemKey = Objects.requireNonNull(key, "key");
    return this;
  }

  /**
   * Sets the time by which the list is sorted, by the service's clock, to the millisecond. Times
   * may be equal. An item may be dated in the future: a poll reads back to the host's now then.
   *
   * @param overlap how long after a later item an earlier one may still become visible; not
   *     negative
   */
  public ListTriggerBuilder<C, E> time(Function<? super E, Instant> time, Duration overlap) {
    Objects.requireNonNull(time, "time");
    number(item -> time.apply(item).toEpochMilli(), overlap.toMillis());
    this.timed = true;
    lateAtLeast(overlap);
    return this;
  }

  /**
   * Sets the number by which the list is sorted. Numbers may be equal. One that is far too great
   * hides all items after it until {@code Triggers.rewind} goes on from somewhere else.
   *
   * @param overlap how much smaller than another one a number may be that becomes visible later;
   *     not negative
   */
  public ListTriggerBuilder<C, E> number(ToLongFunction<? super E> number, long overlap) {
    if (overlap < 0) {
      throw new IllegalArgumentException("The overlap must not be negative, but was " + overlap);
    }
    this.mark = Objects.requireNonNull(number, "number");
    this.overlap = overlap;
    this.timed = false;
    return this;
  }

  /**
   * Declares that the service never lists more than so many items, the newest ones. If none of them
   * was there at the poll before, others may be missing: then the cursor is lost.
   */
  public ListTriggerBuilder<C, E> atMost(int items) {
    if (items < 1) {
      throw new IllegalArgumentException("A list of at most " + items + " items is no list");
    }
    this.longest = items;
    return this;
  }

  /**
   * Returns the trigger, for a list that begins with the newest item. It can start with what
   * happens from now on, with the last items, with all, and, if items have a time, since an
   * instant.
   *
   * @throws IllegalStateException if {@link #id} was not called, or what was declared does not fit
   *     together
   */
  public PollingTrigger<C, ListCursor, E> newestFirst(PageReader<C, E> reader) {
    return built(reader, true);
  }

  /**
   * Returns the trigger, for a list that ends with the newest item. It can start with what happens
   * from now on, for which the whole list is read once, with all, and, if items have a time, since
   * an instant. Each poll reads the list to its end: use {@link Page#since} or {@link
   * Page#atLeast}.
   *
   * @throws IllegalStateException if {@link #id} was not called, if items have neither time nor
   *     number, or if what was declared does not fit together
   */
  public PollingTrigger<C, ListCursor, E> oldestFirst(PageReader<C, E> reader) {
    if (mark == null) {
      throw new IllegalStateException(
          "Trigger '" + id + "' reads the oldest first: it needs time(...) or number(...)");
    }
    return built(reader, false);
  }

  private PollingTrigger<C, ListCursor, E> built(PageReader<C, E> reader, boolean newestFirst) {
    if (itemId == null) {
      throw new IllegalStateException("Trigger '" + id + "' needs id(...)");
    }
    Set<Class<? extends Start>> all = new LinkedHashSet<>(Set.of(Start.Now.class, Start.All.class));
    if (newestFirst) {
      all.add(Start.Last.class);
    }
    if (timed) {
      all.add(Start.Since.class);
    }
    this.starts = Set.copyOf(all);
    return new ListTrigger<>(this, new ItemRules<>(this, newestFirst), reader);
  }
}
