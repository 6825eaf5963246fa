package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.PollingTrigger.LostCursor;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.error.CursorLostException;
import dev.connectorsdk.api.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a polling trigger declares. */
class PollingTriggerTest {

  private record Project(String id, int priority) {}

  @Test
  void whatIsNotDeclaredLosesNothing() {
    PollingTrigger<Project, String, String> trigger = declaring().poll(PollingTriggerTest::nothing);

    assertThat(trigger.starts()).containsExactly(Start.Now.class);
    assertThat(trigger.lostCursor()).isEqualTo(new LostCursor.Stop());
    assertThat(trigger.cursorFields()).isEmpty();
    assertThat(trigger.minimumInterval()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void whatIsDeclaredCanBeAskedFor() {
    PollingTrigger<Project, String, String> trigger =
        declaring()
            .starts(Start.Now.class, Start.All.class)
            .whenCursorIsLost(new LostCursor.Resync())
            .cursorDependsOn("id")
            .minimumInterval(Duration.ofMinutes(1))
            .poll(PollingTriggerTest::nothing);

    assertThat(trigger.starts()).containsExactlyInAnyOrder(Start.Now.class, Start.All.class);
    assertThat(trigger.lostCursor()).isEqualTo(new LostCursor.Resync());
    assertThat(trigger.cursorFields()).containsExactly("id");
    assertThat(trigger.minimumInterval()).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  @DisplayName("G11: what is polled again after a cursor was lost can be polled")
  void aLostCursorLeadsToAStartThatTheTriggerKnows() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                declaring()
                    .whenCursorIsLost(new LostCursor.Resync())
                    .poll(PollingTriggerTest::nothing))
        .withMessage(
            "Trigger 'done' declares Resync[], for which it has to be able to start with All");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                declaring()
                    .whenCursorIsLost(new LostCursor.ResyncSince(Duration.ofHours(1)))
                    .poll(PollingTriggerTest::nothing))
        .withMessageEndingWith("for which it has to be able to start with Since");
  }

  @Test
  void aCursorDependsOnFieldsThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> declaring().cursorDependsOn("ID"))
        .withMessage("Project has no component ID");
  }

  @Test
  @DisplayName("G10: what may become visible late is known as so late, an overlap included")
  void saysHowLateEventsMayBecomeVisible() {
    assertThat(declaring().poll(PollingTriggerTest::nothing).lateness()).isZero();
    assertThat(
            declaring()
                .visibleWithin(Duration.ofMinutes(2))
                .pollOverlapping(last -> last, PollingTriggerTest::nothing)
                .lateness())
        .hasMinutes(2);
    assertThat(
            declaring()
                .visibleWithin(Duration.ofMinutes(2))
                .pollOverlapping(Duration.ofMinutes(10), PollingTriggerTest::nothing)
                .lateness())
        .hasMinutes(10);
    assertThat(
            PollingTrigger.list("done", Project.class, String.class)
                .id(item -> item)
                .time(Instant::parse, Duration.ofMinutes(3))
                .newestFirst((page, call) -> new ListTriggerBuilder.Items<>(List.of(), null))
                .lateness())
        .hasMinutes(3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> declaring().visibleWithin(Duration.ofMillis(-1)));
  }

  @Test
  void anIntervalIsPositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> declaring().minimumInterval(Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LostCursor.ResyncSince(Duration.ofMillis(-1)));
  }

  @Test
  @DisplayName("G11: 410 means that the cursor is lost, and nothing else does by itself")
  void goneMeansThatTheCursorIsLost() {
    assertThat(CursorLostException.isMeantBy(answer(410))).isTrue();
    assertThat(CursorLostException.isMeantBy(new CursorLostException("expired"))).isTrue();
    assertThat(CursorLostException.isMeantBy(answer(404))).isFalse();
    assertThat(CursorLostException.isMeantBy(new IllegalStateException("410"))).isFalse();
  }

  private static ServiceException answer(int status) {
    return new ServiceException("GET api.example.com", status, Map.of(), "", null);
  }

  private static PollingTrigger.Builder<Project, String, String> declaring() {
    return PollingTrigger.builder("done", Project.class, String.class, String.class);
  }

  private static Batch<String, String> nothing(
      PollingTrigger.Poll<Project, String> poll, ActionContext call) {
    return Batch.of(List.of(), "0");
  }

  @Test
  void whatAServiceListsIsABatchOfEventsWithItsIds() {
    Batch<String, String> batch = Batch.of(List.of("milk", "bread"), item -> "id-" + item, "next");

    assertThat(batch)
        .isEqualTo(
            new Batch<>(
                List.of(new Event<>("id-milk", "milk"), new Event<>("id-bread", "bread")),
                "next",
                false));
  }
}
