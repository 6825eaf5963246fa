package dev.connectorsdk.internal.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.audit.AuditSettings;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that stores records. */
class AuditWriterTest {

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void restsWhileManyCallsAreUnderWay() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    var store = new InMemoryStore().audit();
    try (var writer =
        new AuditWriter(
            store, AuditSettings.inStore(), JsonSettings.newMapper(), Clock.systemUTC(), "run")) {
      for (int i = 0; i < 2_000; i++) {
        assertThat(writer.takePlace()).isTrue();
      }
      writer.start();
      Thread thread = started(before);

      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
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
