package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is claimed is begun, or let go. */
class OwnScheduleTest {

  /** A machine that cannot start another thread. */
  private static final class Exhausted extends AbstractExecutorService {
    @Override
    public void execute(Runnable work) {
      throw new OutOfMemoryError("unable to create native thread");
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }

  @Test
  void noClaimKeepsItsPlaceWhereNoThreadCanBeStarted() {
    List<String> ended = new ArrayList<>();
    var due =
        new OwnSchedule.Due<String>(
            limit -> List.of("a", "b", "c"),
            Optional::empty,
            (claim, givenUp) -> {},
            ended::add,
            claim -> {});
    var schedule = new OwnSchedule<>(due, new Lane(new Exhausted(), 0, () -> {}));

    assertThatThrownBy(schedule::look).isInstanceOf(OutOfMemoryError.class);

    assertThat(ended).containsExactly("a", "b", "c");
  }
}
