package dev.connectorsdk.runtime;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Nothing;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.runtime.Feed.Item;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Subscription.Phase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A subscription that the host changes just after its registration was noted. */
@Tag("G14")
class ChangedWhileRegisteringTest extends WebhookHostTest {

  private final FaultyTriggers faults = new FaultyTriggers(store);
  private Runnable whileRegistering = () -> {};

  @Override
  RuntimeBuilder with(RuntimeBuilder builder) {
    return super.with(builder).store(faults.store(), keys);
  }

  @Override
  WebhookTrigger<Nothing, Item> trigger() {
    return hook(() -> whileRegistering.run())
        .receive(delivery -> Received.of(delivery.as(Item.class)));
  }

  @Test
  void theRegistrationStays() {
    Subscription subscription = subscribe(hookSpec());
    whileRegistering = () -> faults.afterChange = () -> pauseAndResume(subscription);

    run();
    whileRegistering = () -> {};
    runAfter(ROUND);

    assertThat(inspect(subscription).phase()).isEqualTo(Phase.ACTIVE);
    service.verify(1, postRequestedFor(urlEqualTo("/hooks")));
    service.verify(0, deleteRequestedFor(anyUrl()));
    assertThat(send(told(), "T-1").statusCode()).isEqualTo(200);
  }

  private void pauseAndResume(Subscription subscription) {
    faults.afterChange = () -> {};
    runtime.triggers().pause(ADAS_FLOW, subscription.id());
    runtime.triggers().resume(ADAS_FLOW, subscription.id());
  }
}
