package dev.connectorsdk.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.event.AuditRecord;
import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that stores records. */
class AuditWriterTest {

  private static final int HALF = 5_000;

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void restsWhileManyCallsAreUnderWay() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var store = new InMemoryStore().audit();
    try (var writer =
        new AuditWriter(
            store, AuditSettings.inStore(), JsonSettings.newMapper(), Clock.systemUTC(), "run")) {
      for (int i = 0; i < 2_000; i++) {
        assertThat(writer.buffer().takePlace()).isTrue();
      }
      writer.start();

      awaitRest(started(before));
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void isWokenWhenHalfOfTheRoomIsFull() throws Exception {
    var stored = new CountDownLatch(HALF);
    AuditSettings settings = AuditSettings.inStore().toldTo(record -> stored.countDown());
    var store = new InMemoryStore().audit();
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    try (var writer =
        new AuditWriter(
            store,
            settings,
            JsonSettings.newMapper(),
            Clock.systemUTC(),
            "run",
            Duration.ofHours(1))) {
      writer.start();
      awaitRest(started(before));

      for (int i = 0; i < HALF; i++) {
        assertThat(writer.buffer().takePlace()).isTrue();
        writer.buffer().add(Draft.ofRuntime(Instant.EPOCH, AuditRecord.Kind.CALL, ""));
      }

      stored.await();
    }
  }

  private static void awaitRest(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
  }

  private static Thread started(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> thread.getName().equals("connector-runtime-audit"))
        .findFirst()
        .orElseThrow();
  }
}
