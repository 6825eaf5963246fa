package dev.connectorsdk.internal.trigger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.trigger.SubscriptionSpec.Order;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventIdentityTest {

  @Test
  @DisplayName("No id of an event has it leave the line in which it waits")
  void noIdHasAnEventLeaveItsLine() {
    assertThat(identity("all", "", Order.ALL).order())
        .isEqualTo(identity("a", "", Order.ALL).order())
        .isNotEqualTo(identity("all", "", Order.ALL).id());
    assertThat(identity("key a", "a", Order.PER_KEY).order())
        .isEqualTo(identity("1", "a", Order.PER_KEY).order())
        .isNotEqualTo(identity("key a", "a", Order.PER_KEY).id());
    assertThat(identity("key a", "", Order.PER_KEY).order())
        .isNotEqualTo(identity("1", "a", Order.PER_KEY).order());
  }

  private static EventIdentity identity(String id, String key, Order order) {
    return EventIdentity.of(new Event<>(id, key, "payload"), order, new Random(1));
  }
}
