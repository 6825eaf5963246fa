package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.ListTriggerBuilder.Items;
import dev.connectorsdk.api.ListTriggerBuilder.Page;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A trigger for a service that lists what it has, in pages that begin after so many items. */
@Tag("G10")
class ListTriggerTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration OVERLAP = Duration.ofMinutes(2);

  private record Ticket(String id, Instant at, int version) {

    Ticket(String id, Instant at) {
      this(id, at, 1);
    }
  }

  private final List<Ticket> tickets = new ArrayList<>();
  private final List<Page<Nothing>> asked = new ArrayList<>();
  private int pageSize = 10;
  private Runnable afterPage = () -> {};

  private static ListTriggerBuilder<Nothing, Ticket> tickets() {
    return PollingTrigger.list("ticketOpened", Nothing.class, Ticket.class).id(Ticket::id);
  }

  private PolledInbox<ListCursor, Ticket> newestFirst(Start start, int limit) {
    return new PolledInbox<>(
        tickets().time(Ticket::at, OVERLAP).newestFirst(this::newest), start, limit);
  }

  private Items<Ticket> newest(Page<Nothing> page, ActionContext call) {
    return page(page, Comparator.comparing(Ticket::at).reversed());
  }

  private Items<Ticket> oldest(Page<Nothing> page, ActionContext call) {
    return page(page, Comparator.comparing(Ticket::at));
  }

  private Items<Ticket> page(Page<Nothing> page, Comparator<Ticket> order) {
    asked.add(page);
    List<Ticket> sorted = tickets.stream().sorted(order).toList();
    int from = page.token() == null ? 0 : Integer.parseInt(page.token());
    int to = Math.min(sorted.size(), from + pageSize);
    Items<Ticket> items =
        new Items<>(
            from >= to ? List.of() : sorted.subList(from, to),
            to < sorted.size() ? Integer.toString(to) : null);
    afterPage.run();
    return items;
  }

  private void add(String prefix, int count, Instant at) {
    IntStream.range(0, count).forEach(i -> tickets.add(new Ticket(prefix + i, at)));
  }

  private static List<String> ids(List<Ticket> tickets) {
    return tickets.stream().map(Ticket::id).toList();
  }

  @Test
  @DisplayName("G10: 500 of 500 are delivered once, from a list with the newest first")
  void losesNothingOfABadSourceWithTheNewestFirst() throws Exception {
    losesNothingOfABadSource(tickets().time(Ticket::at, OVERLAP).newestFirst(this::newest));
  }

  @Test
  @DisplayName("G10: 500 of 500 are delivered once, from a list with the oldest first")
  void losesNothingOfABadSourceWithTheOldestFirst() throws Exception {
    losesNothingOfABadSource(tickets().time(Ticket::at, OVERLAP).oldestFirst(this::oldest));
  }

  private void losesNothingOfABadSource(PollingTrigger<Nothing, ListCursor, Ticket> trigger)
      throws Exception {
    Instant behind = NOON.minus(Duration.ofMinutes(3));
    pageSize = 100;
    add("before", 10, behind.minusSeconds(1));
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 70);
    assertThat(inbox.poll()).isEmpty();

    add("same", 450, behind);
    inbox.poll();
    tickets.removeIf(ticket -> ticket.id().equals("same449"));
    add("same-again", 20, behind);
    inbox.poll();
    tickets.removeIf(ticket -> ticket.at().equals(behind));
    add("late", 30, behind.minusSeconds(90));
    inbox.poll();
    inbox.poll();

    assertThat(inbox.stored).hasSize(500).doesNotHaveDuplicates();
    assertThat(inbox.stored).noneMatch(ticket -> ticket.id().startsWith("before"));
  }

  @Test
  void startsWithWhatHappensFromNowOn() throws Exception {
    add("old", 25, NOON);
    var inbox = newestFirst(new Start.Now(), 100);

    assertThat(inbox.poll()).isEmpty();
    assertThat(inbox.poll()).isEmpty();
    tickets.add(new Ticket("new", NOON));
    assertThat(ids(inbox.poll())).containsExactly("new");
  }

  @Test
  void everythingIsNewIfNothingWasThereAtTheStart() throws Exception {
    var inbox = newestFirst(new Start.Now(), 100);
    assertThat(inbox.poll()).isEmpty();

    add("new", 25, NOON.minus(Duration.ofDays(1)));

    assertThat(inbox.poll()).hasSize(25);
  }

  @Test
  @DisplayName("G10: an item dated in the future hides none that comes after it")
  void anItemOfTheFutureHidesNothing() throws Exception {
    var inbox = newestFirst(new Start.Now(), 100);
    inbox.poll();
    tickets.add(new Ticket("planned", Instant.parse("2099-01-01T00:00:00Z")));
    assertThat(ids(inbox.poll())).containsExactly("planned");

    inbox.pass(Duration.ofHours(1));
    add("T", 3, NOON.plusSeconds(3_000));
    assertThat(ids(inbox.poll())).containsExactlyInAnyOrder("T0", "T1", "T2");
    inbox.pass(Duration.ofHours(1));
    add("U", 3, NOON.plusSeconds(7_000));
    assertThat(ids(inbox.poll())).containsExactlyInAnyOrder("U0", "U1", "U2");
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  @DisplayName("G10: nor does one that an earlier version has taken for the last one")
  void aMarkOfTheFutureIsNotGoneOnFrom() throws Exception {
    var trigger = tickets().time(Ticket::at, OVERLAP).newestFirst(this::newest);
    long future = Instant.parse("2099-01-01T00:00:00Z").toEpochMilli();
    var poisoned = new ListCursor(future, null, "", true, null);
    add("T", 3, NOON);

    var poll = new Poll<>(Nothing.NOTHING, poisoned, new Start.Now(), 100, NOON.plusSeconds(60));
    assertThat(trigger.poll(poll, null).events()).hasSize(3);
  }

  @Test
  void startsWithTheLastOnes() throws Exception {
    for (int i = 0; i < 25; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(i)));
    }
    var inbox = newestFirst(new Start.Last(12), 100);

    assertThat(ids(inbox.poll()))
        .containsExactlyElementsOf(IntStream.range(13, 25).mapToObj(i -> "T" + i).toList());
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void startsSinceAnInstant() throws Exception {
    tickets.add(new Ticket("before", NOON.minusSeconds(1)));
    tickets.add(new Ticket("then", NOON));
    var inbox = newestFirst(new Start.Since(NOON), 100);

    assertThat(ids(inbox.poll())).containsExactly("then");
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void startsWithAll() throws Exception {
    add("T", 35, NOON);
    var inbox = newestFirst(new Start.All(), 10);

    assertThat(inbox.poll()).hasSize(35);
  }

  @Test
  void saysHowItCanStart() {
    assertThat(tickets().newestFirst(this::newest).starts())
        .containsExactlyInAnyOrder(Start.Now.class, Start.All.class, Start.Last.class);
    assertThat(tickets().time(Ticket::at, OVERLAP).newestFirst(this::newest).starts())
        .contains(Start.Since.class);
    assertThat(tickets().number(Ticket::version, 0).oldestFirst(this::oldest).starts())
        .containsExactlyInAnyOrder(Start.Now.class, Start.All.class);
  }

  @Test
  void returnsTheEventsOfAPollInTheOrderInWhichTheyHappened() throws Exception {
    var inbox = newestFirst(new Start.Now(), 100);
    inbox.poll();
    for (int i = 0; i < 25; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(i)));
    }

    assertThat(inbox.poll()).isSortedAccordingTo(Comparator.comparing(Ticket::at));
  }

  @Test
  void pagesBackToWhatItKnowsOverSeveralPolls() throws Exception {
    add("old", 5, NOON);
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    for (int i = 0; i < 300; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(i)));
    }
    inbox.polls = 0;

    assertThat(inbox.poll()).hasSize(300);
    assertThat(inbox.polls).isGreaterThan(30);
  }

  @Test
  void asksForOnePageOfAListThatHasNotChanged() throws Exception {
    add("old", 25, NOON.minus(Duration.ofHours(1)));
    add("new", 5, NOON);
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    String cursor = inbox.cursor;
    asked.clear();

    assertThat(inbox.poll()).isEmpty();
    assertThat(asked).hasSize(1);
    assertThat(inbox.cursor).isEqualTo(cursor);
  }

  @Test
  void tellsItsCodeWhatIsNotNeeded() throws Exception {
    add("T", 5, NOON);
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    assertThat(asked.get(0).since()).isNull();
    inbox.poll();

    assertThat(asked.get(1).since()).isEqualTo(NOON.minus(OVERLAP));
    assertThat(asked.get(1).atLeast()).isNull();
  }

  @Test
  void doesNotFindWhatItHasFoundWhenItsIdIsForgotten() throws Exception {
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    add("T", 35, NOON);
    inbox.poll();
    inbox.forgetIds();

    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void losesNothingWhenDeletedItemsMoveOthersToAPageThatWasRead() throws Exception {
    add("old", 5, NOON);
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    for (int i = 0; i < 40; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(600 + i)));
    }
    afterPage =
        () -> {
          afterPage = () -> {};
          tickets.removeIf(ticket -> List.of("T39", "T38", "T37").contains(ticket.id()));
        };

    inbox.poll();

    assertThat(inbox.stored).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void losesNothingWhenNewItemsMoveOthersToAPageThatIsYetToBeRead() throws Exception {
    add("old", 5, NOON);
    var inbox = newestFirst(new Start.Now(), 10);
    inbox.poll();
    add("T", 40, NOON.plusSeconds(600));
    int[] pages = {0};
    afterPage = () -> tickets.add(new Ticket("N" + pages[0]++, NOON.plusSeconds(700)));

    inbox.poll();
    afterPage = () -> {};
    inbox.poll();

    assertThat(inbox.stored).hasSize(40 + pages[0]).doesNotHaveDuplicates();
  }

  @Test
  void aChangedItemIsAnotherEvent() throws Exception {
    var trigger =
        tickets().version(Ticket::version).time(Ticket::at, OVERLAP).newestFirst(this::newest);
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 10);
    tickets.add(new Ticket("T", NOON, 1));
    inbox.poll();
    tickets.set(0, new Ticket("T", NOON.plusSeconds(10), 2));
    assertThat(inbox.poll()).extracting(Ticket::version).containsExactly(2);
    tickets.set(0, new Ticket("T", NOON.plusSeconds(20), 3));

    assertThat(inbox.poll()).extracting(Ticket::version).containsExactly(3);
  }

  @Test
  void anItemIsTheKeyOfItsChanges() throws Exception {
    add("T", 1, NOON);
    var changes = tickets().version(Ticket::version).newestFirst(this::newest);
    var keyed = tickets().key(ticket -> "desk").newestFirst(this::newest);
    var poll =
        new PollingTrigger.Poll<Nothing, ListCursor>(
            Nothing.NOTHING, null, new Start.All(), 10, NOON);

    assertThat(changes.poll(poll, null).events())
        .containsExactly(new Event<>("T0@1", "T0", tickets.get(0)));
    assertThat(keyed.poll(poll, null).events())
        .containsExactly(new Event<>("T0", "desk", tickets.get(0)));
  }

  @Test
  void needsNeitherTimeNorNumberIfTheNewestComeFirst() throws Exception {
    var inbox = new PolledInbox<>(tickets().newestFirst(this::newest), new Start.Now(), 10);
    for (int i = 0; i < 25; i++) {
      tickets.add(new Ticket("old" + i, NOON.plusSeconds(i)));
    }
    assertThat(inbox.poll()).isEmpty();
    tickets.removeIf(ticket -> ticket.id().equals("old24"));
    for (int i = 0; i < 25; i++) {
      tickets.add(new Ticket("new" + i, NOON.plusSeconds(100 + i)));
    }

    assertThat(inbox.poll()).hasSize(25).allMatch(ticket -> ticket.id().startsWith("new"));
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void whatDeletedItemsMoveOntoAPageIsNoEventWithoutTimeAndNumber() throws Exception {
    var inbox = new PolledInbox<>(tickets().newestFirst(this::newest), new Start.Now(), 10);
    for (int i = 0; i < 35; i++) {
      tickets.add(new Ticket("old" + i, NOON.plusSeconds(i)));
    }
    inbox.poll();

    tickets.removeIf(ticket -> ticket.id().equals("old30"));
    assertThat(inbox.poll()).isEmpty();
    tickets.removeIf(ticket -> List.of("old24", "old25", "old26").contains(ticket.id()));
    tickets.add(new Ticket("new", NOON.plusSeconds(100)));
    assertThat(ids(inbox.poll())).containsExactly("new");
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void pinnedItemsDoNotHideAPageOfNewOnesWithoutTimeAndNumber() throws Exception {
    var inbox = new PolledInbox<>(tickets().newestFirst(this::newest), new Start.Now(), 10);
    for (int i = 0; i < 35; i++) {
      tickets.add(new Ticket("old" + i, NOON.plusSeconds(i)));
    }
    tickets.add(new Ticket("pinned", NOON.plusSeconds(10_000)));
    tickets.add(new Ticket("pinned too", NOON.plusSeconds(10_000)));
    inbox.poll();

    for (int i = 0; i < 20; i++) {
      tickets.add(new Ticket("new" + i, NOON.plusSeconds(100 + i)));
    }

    assertThat(inbox.poll()).hasSize(20);
    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void goesByNumbersToo() throws Exception {
    var trigger = tickets().number(Ticket::version, 5).oldestFirst(this::byVersion);
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 10);
    tickets.add(new Ticket("ten", NOON, 10));
    inbox.poll();
    tickets.add(new Ticket("eleven", NOON, 11));
    tickets.add(new Ticket("six", NOON, 6));
    tickets.add(new Ticket("four", NOON, 4));

    assertThat(ids(inbox.poll())).containsExactly("six", "eleven");
    assertThat(asked.get(asked.size() - 1).atLeast()).isEqualTo(5);
    assertThat(asked.get(asked.size() - 1).since()).isNull();
  }

  private Items<Ticket> byVersion(Page<Nothing> page, ActionContext call) {
    return page(page, Comparator.comparing(Ticket::version));
  }

  @Test
  void beginsAnewWithTheFirstPageIfTheServiceHasForgottenTheNextOne() throws Exception {
    int[] calls = {0};
    var trigger =
        tickets()
            .time(Ticket::at, OVERLAP)
            .newestFirst(
                (page, call) -> {
                  if (page.token() != null && ++calls[0] == 2) {
                    throw new ServiceException("GET h", 400, Map.of(), "", null);
                  }
                  return newest(page, call);
                });
    var inbox = new PolledInbox<>(trigger, new Start.All(), 5);
    add("T", 40, NOON);

    assertThat(inbox.poll()).hasSize(40);
    assertThat(calls[0]).isGreaterThan(2);
  }

  @Test
  void whatElseFailsLeavesTheCursorWhereItWas() throws Exception {
    var trigger =
        tickets()
            .newestFirst(
                (page, call) -> {
                  throw new ServiceException("GET h", 400, Map.of(), "", null);
                });
    var inbox = new PolledInbox<>(trigger, new Start.All(), 5);

    assertThatExceptionOfType(ServiceException.class).isThrownBy(inbox::poll);
    assertThat(inbox.cursor).isNull();
  }

  @Test
  void refusesPagesThatLeadInACircle() {
    add("T", 5, NOON);
    var itself = tickets().newestFirst((page, call) -> new Items<>(tickets, "1"));
    var circle =
        tickets()
            .newestFirst(
                (page, call) -> {
                  int number = page.token() == null ? 0 : Integer.parseInt(page.token());
                  return new Items<>(List.of(), Integer.toString(number % 7 + 1));
                });

    for (var trigger : List.of(itself, circle)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new PolledInbox<>(trigger, new Start.All(), 5).poll())
          .withMessage("The next page is one that was read before");
    }
  }

  @Test
  void refusesAListThatIsSortedTheOtherWay() {
    for (int i = 0; i < 3; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(i)));
    }
    var wrong = tickets().time(Ticket::at, OVERLAP).newestFirst(this::oldest);
    var wrongToo = tickets().time(Ticket::at, OVERLAP).oldestFirst(this::newest);

    assertThatIllegalStateException()
        .isThrownBy(() -> new PolledInbox<>(wrong, new Start.Now(), 5).poll())
        .withMessage(
            "The trigger reads a list with the newest first, but a page has the oldest first");
    assertThatIllegalStateException()
        .isThrownBy(() -> new PolledInbox<>(wrongToo, new Start.Now(), 5).poll())
        .withMessageEndingWith("a page has the newest first");
  }

  @Test
  void anItemPinnedToTheTopDoesNotHideTheOthers() throws Exception {
    Ticket pinned = new Ticket("pinned", NOON.minus(Duration.ofDays(9)));
    var trigger =
        tickets()
            .time(Ticket::at, OVERLAP)
            .newestFirst(
                (page, call) -> {
                  List<Ticket> all = new ArrayList<>(List.of(pinned));
                  all.addAll(newest(page, call).items());
                  return new Items<>(all, null);
                });
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 5);
    inbox.poll();
    add("T", 4, NOON);
    assertThat(inbox.poll()).hasSize(4);
    tickets.add(new Ticket("new", NOON.plusSeconds(1)));

    assertThat(ids(inbox.poll())).containsExactly("new");
  }

  @Test
  @DisplayName("G10: the newest n of more than n are no reason to go on as if they were all")
  void theCursorIsLostIfTheServiceListsTheNewestAloneAndNoneIsKnown() throws Exception {
    pageSize = 10;
    var trigger =
        tickets()
            .time(Ticket::at, OVERLAP)
            .atMost(10)
            .newestFirst((page, call) -> new Items<>(newest(page, call).items(), null));
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 100);
    add("old", 20, NOON);
    inbox.poll();
    for (int i = 0; i < 9; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(1_000 + i)));
    }
    assertThat(inbox.poll()).hasSize(9);
    String cursor = inbox.cursor;
    for (int i = 9; i < 20; i++) {
      tickets.add(new Ticket("T" + i, NOON.plusSeconds(1_000 + i)));
    }

    assertThatExceptionOfType(CursorLostException.class)
        .isThrownBy(inbox::poll)
        .withMessageContaining("others may be missing");
    assertThat(inbox.cursor).isEqualTo(cursor);
  }

  @Test
  void readsOnWhereAPageHasNothing() throws Exception {
    add("T", 5, NOON);
    var trigger =
        tickets()
            .time(Ticket::at, OVERLAP)
            .newestFirst(
                (page, call) -> {
                  int number = page.token() == null ? 0 : Integer.parseInt(page.token());
                  return number == 30
                      ? new Items<>(tickets, null)
                      : new Items<>(List.of(), Integer.toString(number + 1));
                });

    assertThat(new PolledInbox<>(trigger, new Start.All(), 5).poll()).hasSize(5);
  }

  @Test
  void saysWhatIsMissingInTheDeclaration() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                PollingTrigger.list("ticketOpened", Nothing.class, Ticket.class)
                    .newestFirst(this::newest))
        .withMessage("Trigger 'ticketOpened' needs id(...)");
    assertThatIllegalStateException()
        .isThrownBy(() -> tickets().oldestFirst(this::oldest))
        .withMessage(
            "Trigger 'ticketOpened' reads the oldest first: it needs time(...) or number(...)");
  }
}
