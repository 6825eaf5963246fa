package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.Poll;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.error.CursorLostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Triggers that read a little more than what is new. */
@Tag("G10")
class OverlappingTriggerTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private record Task(String id, Instant at) {}

  private record After(Instant at) {

    After twoMinutesEarlier() {
      return new After(at.minus(Duration.ofMinutes(2)));
    }
  }

  /** A place in a journal, which only the service can read. */
  private record Place(String token) {}

  private final List<Task> tasks = new ArrayList<>();
  private final List<Object> asked = new ArrayList<>();
  private Runnable afterPoll = () -> {};

  private PolledInbox<OverlappingCursor<After>, Task> byTime(Start start, int limit) {
    return new PolledInbox<>(
        PollingTrigger.builder("done", Nothing.class, After.class, Task.class)
            .starts(Start.Now.class, Start.All.class)
            .pollOverlapping(After::twoMinutesEarlier, this::after),
        start,
        limit);
  }

  /** Finds what happened at an instant and later, the oldest first. */
  private Batch<After, Task> after(Poll<Nothing, After> poll, ActionContext call) {
    After last = poll.cursor();
    asked.add(String.valueOf(last));
    List<Task> sorted = tasks.stream().sorted(Comparator.comparing(Task::at)).toList();
    Instant newest = sorted.isEmpty() ? NOON : sorted.get(sorted.size() - 1).at();
    Batch<After, Task> batch;
    if (last == null && poll.start() instanceof Start.Now) {
      batch = Batch.of(List.of(), new After(newest));
    } else {
      Instant from = last == null ? Instant.EPOCH : last.at();
      List<Task> all = sorted.stream().filter(task -> !task.at().isBefore(from)).toList();
      List<Task> some = all.subList(0, Math.min(all.size(), poll.limit()));
      After next = some.isEmpty() ? last : new After(some.get(some.size() - 1).at());
      batch =
          new Batch<>(
              events(some), next == null ? new After(NOON) : next, all.size() > some.size());
    }
    afterPoll.run();
    return batch;
  }

  private static List<Event<Task>> events(List<Task> tasks) {
    return tasks.stream().map(task -> new Event<>(task.id(), task)).toList();
  }

  private void add(String id, Instant at) {
    tasks.add(new Task(id, at));
  }

  private static List<String> ids(List<Task> tasks) {
    return tasks.stream().map(Task::id).toList();
  }

  @Test
  @DisplayName("G10: what becomes visible late is found, and nothing is found twice")
  void findsWhatBecomesVisibleLate() throws Exception {
    var inbox = byTime(new Start.Now(), 100);
    inbox.poll();
    add("first", NOON.plusSeconds(300));
    add("second", NOON.plusSeconds(310));
    assertThat(ids(inbox.poll())).containsExactly("first", "second");
    add("late", NOON.plusSeconds(220));

    assertThat(ids(inbox.poll())).containsExactly("late");
    assertThat(inbox.poll()).isEmpty();
    assertThat(ids(inbox.found)).containsExactly("first", "second", "late");
  }

  @Test
  void whatIsInTheOverlapAtTheStartIsNoEvent() throws Exception {
    add("before", NOON.minusSeconds(60));
    add("at-noon", NOON);
    var inbox = byTime(new Start.Now(), 100);
    inbox.poll();
    inbox.poll();
    add("new", NOON.plusSeconds(1));

    inbox.poll();

    assertThat(ids(inbox.stored)).containsExactly("at-noon", "new");
  }

  @Test
  void whatHappensWhileTheOverlapIsReadAtTheStartIsAnEvent() throws Exception {
    add("before", NOON.minusSeconds(60));
    var inbox = byTime(new Start.Now(), 100);
    afterPoll =
        () -> {
          afterPoll = () -> {};
          add("meanwhile", NOON.plusSeconds(1));
        };
    inbox.poll();

    assertThat(ids(inbox.poll())).contains("meanwhile");
  }

  @Test
  void anIdleServiceDoesNotMoveTheCursorBack() throws Exception {
    add("before", NOON);
    var inbox = byTime(new Start.Now(), 100);
    inbox.poll();
    inbox.poll();
    tasks.clear();
    inbox.poll();
    String cursor = inbox.cursor;
    inbox.poll();
    inbox.poll();

    assertThat(inbox.cursor).isEqualTo(cursor);
    assertThat(asked.get(asked.size() - 1)).isEqualTo("" + new After(NOON).twoMinutesEarlier());
  }

  @Test
  void movesOnThoughTheOverlapHoldsMoreThanOnePollReturns() throws Exception {
    var inbox = byTime(new Start.All(), 10);
    for (int i = 0; i < 100; i++) {
      add("T" + i, NOON.plusMillis(i * 100));
    }
    inbox.poll();
    for (int i = 100; i < 200; i++) {
      add("T" + i, NOON.plusMillis(i * 100));
    }

    assertThat(inbox.poll()).hasSize(100);
    assertThat(inbox.stored).hasSize(200).doesNotHaveDuplicates();
  }

  @Test
  void aLastPageWithNothingOnItMovesTheCursorOn() throws Exception {
    var trigger =
        PollingTrigger.builder("done", Nothing.class, After.class, Task.class)
            .pollOverlapping(
                After::twoMinutesEarlier,
                (poll, call) -> {
                  asked.add(poll.cursor());
                  boolean atTheEnd = poll.cursor() != null && !poll.cursor().at().isBefore(NOON);
                  return new Batch<>(List.of(), new After(NOON), !atTheEnd);
                });
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 10);
    inbox.poll();
    inbox.poll();
    asked.clear();
    inbox.poll();

    assertThat(asked).containsExactly(new After(NOON).twoMinutesEarlier(), new After(NOON));
    assertThat(inbox.cursor).contains("2026-01-01T12:00:00Z");
  }

  @Test
  void doesNotFindWhatItHasFoundWhenItsIdIsForgotten() throws Exception {
    var inbox = byTime(new Start.All(), 10);
    add("last", NOON);
    inbox.poll();
    inbox.poll();
    inbox.forgetIds();

    assertThat(inbox.poll()).isEmpty();
  }

  @Test
  void aServiceThatGivesTheSamePageForEverIsAskedOnce() throws Exception {
    var trigger =
        PollingTrigger.builder("done", Nothing.class, After.class, Task.class)
            .pollOverlapping(
                After::twoMinutesEarlier,
                (poll, call) ->
                    new Batch<>(
                        events(List.of(new Task("same", NOON))),
                        poll.cursor() == null ? new After(NOON) : poll.cursor(),
                        poll.cursor() != null));
    var inbox = new PolledInbox<>(trigger, new Start.Now(), 10);

    inbox.poll();
    inbox.poll();

    assertThat(ids(inbox.stored)).containsExactly("same");
  }

  @Test
  void eventsOfATriggerWithAnOverlapNeedIds() throws Exception {
    add("", NOON);
    var inbox = byTime(new Start.All(), 10);

    assertThatIllegalStateException()
        .isThrownBy(inbox::poll)
        .withMessage("Trigger 'done' has an overlap, so that each of its events needs an id");
  }

  // A journal: a place is a position in it, and what stands there may become visible late.

  private final List<String> journal = new ArrayList<>();
  private int forgottenBefore;

  private PolledInbox<OverlappingCursor<Place>, String> byPlace() {
    return new PolledInbox<>(
        PollingTrigger.builder("done", Nothing.class, Place.class, String.class)
            .pollOverlapping(Duration.ofMinutes(2), this::journal),
        new Start.Now(),
        100);
  }

  private Batch<Place, String> journal(Poll<Nothing, Place> poll, ActionContext call) {
    Place last = poll.cursor();
    asked.add(last == null ? "start" : last.token());
    int from = last == null ? journal.size() : Integer.parseInt(last.token());
    if (from < forgottenBefore) {
      throw new CursorLostException("Position " + from + " is forgotten");
    }
    List<Event<String>> events = new ArrayList<>();
    for (String entry : journal.subList(from, journal.size())) {
      if (!entry.startsWith("hidden")) {
        events.add(new Event<>(entry, entry));
      }
    }
    return Batch.of(events, new Place(Integer.toString(journal.size())));
  }

  private List<String> poll(PolledInbox<?, String> inbox, @Nullable String entry) throws Exception {
    inbox.pass(Duration.ofMinutes(1));
    if (entry != null) {
      journal.add(entry);
    }
    return inbox.poll();
  }

  @Test
  @DisplayName("G10: a cursor that only the service can read is overlapped by an older one")
  void readsOnceMoreFromACursorThatIsOldEnough() throws Exception {
    journal.add("before");
    var inbox = byPlace();
    inbox.poll();
    assertThat(poll(inbox, "one")).containsExactly("one");
    assertThat(poll(inbox, "hidden")).isEmpty();
    assertThat(poll(inbox, "three")).containsExactly("three");
    journal.set(2, "two");

    assertThat(poll(inbox, null)).containsExactly("two");
    assertThat(inbox.found).containsExactly("one", "three", "two");
  }

  @Test
  void readsFromTheNewestCursorOnceItIsOldEnough() throws Exception {
    var inbox = byPlace();
    inbox.poll();
    poll(inbox, "one");
    asked.clear();
    for (int i = 0; i < 5; i++) {
      poll(inbox, null);
    }

    assertThat(asked).startsWith("0").endsWith("1");
  }

  @Test
  void keepsFewCursors() throws Exception {
    var inbox = byPlace();
    inbox.poll();
    for (int i = 0; i < 100; i++) {
      journal.add("T" + i);
      inbox.pass(Duration.ofSeconds(1));
      inbox.poll();
    }

    assertThat(inbox.stored).hasSize(100);
    assertThat(inbox.cursor).hasSizeLessThan(4_000);
    assertThat(asked.get(asked.size() - 1)).isEqualTo("0");
  }

  @Test
  @DisplayName(
      "G10: at a short interval and with long cursors, an overlap moves on and stays small")
  void anOverlapOfAnHourMovesOnWhateverTheInterval() throws Exception {
    List<Integer> starts = new ArrayList<>();
    String padding = "0".repeat(1_000);
    var inbox =
        new PolledInbox<>(
            PollingTrigger.builder("done", Nothing.class, Place.class, String.class)
                .pollOverlapping(
                    Duration.ofHours(1),
                    (poll, call) -> {
                      Place at = poll.cursor();
                      starts.add(at == null ? 0 : Integer.parseInt(at.token()));
                      Batch<Place, String> batch = journal(poll, call);
                      return Batch.of(batch.events(), new Place(padding + batch.next().token()));
                    }),
            new Start.Now(),
            100);
    for (int i = 0; i < 1_000; i++) {
      inbox.poll();
      inbox.pass(Duration.ofSeconds(15));
      journal.add("T" + i);
    }

    // There are 240 polls in an hour.
    assertThat(starts.get(starts.size() - 1)).isBetween(1_000 - 240 - 20, 1_000 - 240);
    assertThat(inbox.cursor).hasSizeLessThan(32_000);
    assertThat(inbox.stored).hasSize(999);
  }

  @Test
  @DisplayName(
      "G11: that an older cursor is forgotten loses nothing as long as the newest is known")
  void aForgottenOlderCursorIsNoLoss() throws Exception {
    var inbox = byPlace();
    inbox.poll();
    poll(inbox, "one");
    poll(inbox, "two");
    forgottenBefore = 2;

    assertThat(poll(inbox, "three")).containsExactly("three");
    forgottenBefore = 9;
    assertThatExceptionOfType(CursorLostException.class).isThrownBy(() -> poll(inbox, "four"));
  }

  @Test
  void anOverlapIsShorterThanIdsAreRemembered() {
    var builder = PollingTrigger.builder("done", Nothing.class, Place.class, String.class);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.pollOverlapping(Duration.ZERO, this::journal));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.pollOverlapping(Duration.ofMinutes(61), this::journal));
  }
}
