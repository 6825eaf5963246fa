package dev.connectorsdk.internal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.fixtures.SettableClock;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.secret.KeyRing;
import dev.connectorsdk.store.InMemoryStore;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a process of the host says of itself. */
class HostLinesTest {

  private static final Duration LATELY = Duration.ofSeconds(15);

  @Test
  void aProcessThatHasLeftIsThereNoMore() {
    SettableClock clock = new SettableClock();
    InMemoryStore store = new InMemoryStore(clock);
    var gateways = new StoredGateways(store.gateways(), clock);
    var codes = new RegistrationCodes(store.tickets(), KeyRing.random(), clock, new Random(1));
    var enrolment = new Enrolment(gateways, codes, Auditor.none(clock), clock, new Random(2));
    var lines = new HostLines(store.gateways(), gateways, enrolment, clock, new Random(3));
    lines.nodes();
    assertThat(store.gateways().listNodes(LATELY)).hasSize(1);

    lines.leave();
    clock.advance(Duration.ofMinutes(1));
    lines.nodes();

    assertThat(store.gateways().listNodes(LATELY)).isEmpty();
  }
}
