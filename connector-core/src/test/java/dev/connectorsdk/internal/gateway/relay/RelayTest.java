package dev.connectorsdk.internal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.internal.gateway.line.LineSettings;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a relay does now and then. */
@Timeout(60)
class RelayTest {

  private final ExecutorService work = Executors.newCachedThreadPool();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  private final List<Relay> begun = new ArrayList<>();

  @AfterEach
  void close() {
    begun.forEach(Relay::close);
    work.shutdownNow();
    timer.shutdownNow();
  }

  private Relay relay(LineDirectory directory) {
    Duration often = Duration.ofMillis(2);
    Duration never = Duration.ofDays(1);
    LineSettings line = new LineSettings(never, 10, System::nanoTime, work, timer);
    return new Relay(
        directory,
        new RelaySettings(
            line,
            never,
            never,
            never,
            often,
            never,
            JsonMapper.shared(),
            Clock.systemUTC(),
            new SecureRandom()));
  }

  @Test
  void aStoreThatDoesNotAnswerIsNotAskedAgainMeanwhile() throws Exception {
    Slow directory = new Slow();
    begun.add(relay(directory));
    assertThat(directory.asked.poll(30, TimeUnit.SECONDS)).isNotNull();

    timer.schedule(() -> {}, 100, TimeUnit.MILLISECONDS).get(); // After many looks.
    assertThat(directory.asked).isEmpty();

    directory.answers.countDown();
    assertThat(directory.asked.poll(30, TimeUnit.SECONDS)).isNotNull();
  }

  /** A directory whose store hangs at first. */
  private static final class Slow implements LineDirectory {

    final BlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();
    final CountDownLatch answers = new CountDownLatch(1);

    @Override
    public Set<String> nodes() {
      asked.add(true);
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Set.of("n1");
    }

    @Override
    public String node() {
      return "n1";
    }

    @Override
    public Optional<LineMember> member(String gateway, String member) {
      return Optional.empty();
    }

    @Override
    public boolean hasMembers(String gateway) {
      return false;
    }

    @Override
    public JsonNode control(Peer peer, String method, JsonNode arguments) {
      throw new IllegalArgumentException(method);
    }

    @Override
    public Optional<String> holder(LineMember member, LineFacts facts) {
      return Optional.empty();
    }

    @Override
    public void copied(LineMember member, String address) {
      // There are no lines.
    }

    @Override
    public void opened(LineMember member, LineFacts facts) {
      // There are no lines.
    }

    @Override
    public Standing seen(LineMember member, LineFacts facts) {
      return Standing.GOES_ON;
    }

    @Override
    public void alive(LineMember member, LineFacts facts) {
      // There are no lines.
    }

    @Override
    public void closed(LineMember member, LineFacts facts, String why) {
      // There are no lines.
    }

    @Override
    public void look() {
      // There is nobody to look after.
    }
  }
}
