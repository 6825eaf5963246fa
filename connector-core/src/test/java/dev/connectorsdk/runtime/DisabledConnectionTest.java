package dev.connectorsdk.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Subscriptions of a connection that an administrator disables. */
class DisabledConnectionTest extends TriggerHostTest {

  private static final Administrator ROOT = Administrator.of(Principal.user("root"), "dev");

  @Test
  void itsSubscriptionsWaitAndGoOnFromTheirCursorOnceItIsEnabled() {
    Connection connection = bindAdasConnection();
    Feed.begins(service, 10);
    Feed.goesOn(service, 10, 12, "T-11", "T-12");
    Subscription subscription = subscribe();
    run();
    runtime.connections().disable(ROOT, connection.id(), "It is not used");
    service.resetRequests();

    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.WAITING);
    assertThat(inspect(subscription).reason()).contains("an administrator has disabled it");
    assertThat(service.getAllServeEvents()).isEmpty();
    assertThat(handled).isEmpty();

    runtime.connections().enable(ROOT, connection.id());
    runAfter(Duration.ofHours(1));
    runAfter(ROUND);
    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    assertThat(handled).containsExactly("T-11", "T-12");
  }
}
