package dev.connectorsdk.internal.trigger;

import static dev.connectorsdk.trigger.Subscription.Phase.ACTIVE;
import static dev.connectorsdk.trigger.Subscription.Phase.CURSOR_LOST;
import static dev.connectorsdk.trigger.Subscription.Phase.ENDED;
import static dev.connectorsdk.trigger.Subscription.Phase.ENDING;
import static dev.connectorsdk.trigger.Subscription.Phase.GUARDED;
import static dev.connectorsdk.trigger.Subscription.Phase.PAUSED;
import static dev.connectorsdk.trigger.Subscription.Phase.SUBSCRIBING;
import static dev.connectorsdk.trigger.Subscription.Phase.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectorsdk.internal.trigger.SubscriptionLife.Signal;
import dev.connectorsdk.internal.trigger.Transitions.Row;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SubscriptionLifeTest {

  private static final Set<Row<Phase, Signal>> walked = new HashSet<>();

  /** Fails if a row was added that no test walks. */
  @AfterAll
  static void everyRowWasWalked() {
    assertThat(walked).containsExactlyInAnyOrderElementsOf(SubscriptionLife.TABLE.rows());
  }

  private static Phase go(Phase from, Signal signal) {
    Phase to = SubscriptionLife.TABLE.next(from, signal).orElseThrow();
    walked.add(new Row<>(from, signal, to));
    return to;
  }

  private static Phase go(Phase from, Signal... signals) {
    Phase phase = from;
    for (Signal signal : signals) {
      phase = go(phase, signal);
    }
    return phase;
  }

  @Test
  void aWebhookIsRegisteredAndAtLastRemoved() {
    assertThat(go(SUBSCRIBING, Signal.REGISTERED)).isEqualTo(ACTIVE);
    assertThat(go(SUBSCRIBING, Signal.UNSUBSCRIBE, Signal.UNREGISTERED)).isEqualTo(ENDED);
    assertThat(go(SUBSCRIBING, Signal.PAUSE)).isEqualTo(PAUSED);
    assertThat(go(SUBSCRIBING, Signal.BROKE)).isEqualTo(WAITING);
  }

  @Test
  void whatBreaksGoesOnOnceItIsMended() {
    assertThat(go(ACTIVE, Signal.BROKE, Signal.BROKE, Signal.MENDED)).isEqualTo(ACTIVE);
    assertThat(go(WAITING, Signal.REWIND, Signal.PAUSE)).isEqualTo(PAUSED);
    assertThat(go(WAITING, Signal.UNSUBSCRIBE)).isEqualTo(ENDING);
  }

  @Test
  void theHostPausesAndResumes() {
    assertThat(go(ACTIVE, Signal.PAUSE, Signal.REWIND, Signal.RESUME)).isEqualTo(ACTIVE);
    assertThat(go(PAUSED, Signal.UNSUBSCRIBE)).isEqualTo(ENDING);
  }

  @Test
  void aLostCursorWaitsForTheHost() {
    assertThat(go(ACTIVE, Signal.FORGOTTEN, Signal.FORGOTTEN, Signal.REWIND)).isEqualTo(ACTIVE);
    assertThat(go(PAUSED, Signal.FORGOTTEN)).isEqualTo(CURSOR_LOST);
    assertThat(go(WAITING, Signal.FORGOTTEN)).isEqualTo(CURSOR_LOST);
    assertThat(go(GUARDED, Signal.FORGOTTEN)).isEqualTo(CURSOR_LOST);
    assertThat(go(CURSOR_LOST, Signal.UNSUBSCRIBE)).isEqualTo(ENDING);
  }

  @Test
  void tooManyEventsWaitForTheHost() {
    assertThat(go(ACTIVE, Signal.FLOODED, Signal.REWIND, Signal.RESUME)).isEqualTo(ACTIVE);
    assertThat(go(GUARDED, Signal.PAUSE)).isEqualTo(PAUSED);
    assertThat(go(GUARDED, Signal.UNSUBSCRIBE)).isEqualTo(ENDING);
    assertThat(go(ACTIVE, Signal.REWIND, Signal.UNSUBSCRIBE)).isEqualTo(ENDING);
  }

  @Test
  void whatIsOverStaysOver() {
    for (Signal signal : Signal.values()) {
      assertThat(SubscriptionLife.TABLE.next(ENDED, signal)).isEmpty();
    }
  }

  @Test
  void aTableWithTwoWaysForOneSignalIsRefused() {
    var table = Transitions.<Phase, Signal>endingIn(ENDED).on(ACTIVE, Signal.UNSUBSCRIBE, ENDING);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.on(ACTIVE, Signal.UNSUBSCRIBE, ENDED));
  }

  @Test
  void aPhaseWithoutAnExitIsRefused() {
    var table = Transitions.<Phase, Signal>endingIn(ENDED).on(ACTIVE, Signal.UNSUBSCRIBE, ENDED);

    assertThatIllegalArgumentException()
        .isThrownBy(table::build)
        .withMessageContaining("No way leads from");
  }
}
