package dev.connectorsdk.internal.gateway.relay;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.connectorsdk.internal.gateway.line.Challenge;
import dev.connectorsdk.internal.gateway.line.Frame;
import dev.connectorsdk.internal.gateway.line.FrameWire;
import dev.connectorsdk.internal.gateway.line.Hello;
import dev.connectorsdk.internal.gateway.line.LineSettings;
import dev.connectorsdk.internal.gateway.line.Purpose;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a relay does now and then, and what it tells of lines. */
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

  @Test
  void whoseLineEndsWhileItIsOpenedIsNotThereAfterwards() throws Exception {
    Cut directory = new Cut();
    Relay relay = relay(directory);
    begun.add(relay);
    FrameWire wire = new FrameWire();
    HostLine line = relay.accept(wire, "somewhere");
    directory.line.complete(line);

    Frame asked = Objects.requireNonNull(wire.sent.poll(30, TimeUnit.SECONDS));
    Challenge challenge = Challenge.decoded(asked.payload(), JsonMapper.shared());
    Hello hello = new Hello("g1", "m1", Purpose.TRAFFIC, 1, "1.2", "i1", Instant.now());
    ByteString answer = hello.signed(challenge, directory.key, JsonMapper.shared());
    line.receive(FrameWire.message(Frame.Type.HELLO, answer));

    assertThat(directory.told.poll(30, TimeUnit.SECONDS)).isEqualTo("closed");
    assertThat(directory.told.poll(30, TimeUnit.SECONDS)).isEqualTo("opened");
    assertThat(directory.told.poll(30, TimeUnit.SECONDS)).isEqualTo("closed");
  }

  /** A directory of one member, whose line is cut before it is known of. */
  private static final class Cut extends Nobody {

    final ECKey key;
    final CompletableFuture<HostLine> line = new CompletableFuture<>();
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    Cut() throws JOSEException {
      key = new ECKeyGenerator(Curve.P_256).generate();
    }

    @Override
    public Optional<LineMember> member(String gateway, String member) {
      return Optional.of(new LineMember(gateway, member, key.toPublicJWK(), 0, false, true));
    }

    @Override
    public void opened(LineMember member, LineFacts facts) {
      line.join().lost("cut");
      try {
        closed.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      told.add("opened");
    }

    @Override
    public void closed(LineMember member, LineFacts facts, String why) {
      told.add("closed");
      closed.countDown();
    }
  }

  /** A directory whose store hangs at first. */
  private static final class Slow extends Nobody {

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
  }

  /** A directory without members. */
  private static class Nobody implements LineDirectory {

    @Override
    public Set<String> nodes() {
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

    @Override
    public void endUnpermitted() {
      // Everybody is permitted.
    }
  }
}
