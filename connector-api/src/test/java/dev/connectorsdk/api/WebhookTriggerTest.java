package dev.connectorsdk.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.connectorsdk.api.PollingTrigger.Batch;
import dev.connectorsdk.api.WebhookTrigger.Delivery;
import dev.connectorsdk.api.WebhookTrigger.Received;
import dev.connectorsdk.api.WebhookTrigger.Registration;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.webhook.Signature;
import dev.connectorsdk.api.webhook.Signatures;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookTriggerTest {

  private static final Signature GITHUB = Signatures.gitHub();
  private static final Instant LATER = Instant.parse("2026-02-01T00:00:00Z");

  @Test
  void aWebhookTriggerIsWhatItsAuthorSaid() throws Exception {
    List<String> removed = new ArrayList<>();
    PollingTrigger<String, String, String> asked =
        PollingTrigger.builder("asked", String.class, String.class, String.class)
            .poll((poll, call) -> Batch.of(List.of(), "1"));
    WebhookTrigger<String, String> trigger =
        WebhookTrigger.builder("called", String.class, String.class)
            .titled("When the service calls")
            .signature(GITHUB)
            .subscribe((what, callback, call) -> Registration.of(what + " to " + callback.url()))
            .find((what, callback, call) -> Optional.of(Registration.of(what)))
            .renew((hook, call) -> hook.until(LATER))
            .unsubscribe((hook, call) -> removed.add(hook.id()))
            .successStatus(202)
            .fillingGapsWith(asked)
            .receive(delivery -> Received.of(delivery.method()));
    var callback =
        new WebhookTrigger.Callback(URI.create("https://h.example/1"), Secret.of("s3cret"));

    Registration hook = trigger.subscribe("calls", callback, null);
    trigger.unsubscribe(hook, null);

    assertThat(trigger.id()).isEqualTo("called");
    assertThat(trigger.title()).isEqualTo("When the service calls");
    assertThat(hook).isEqualTo(new Registration("calls to https://h.example/1", null, null));
    assertThat(removed).containsExactly("calls to https://h.example/1");
    assertThat(trigger.finder().orElseThrow().find("calls", callback, null))
        .contains(Registration.of("calls"));
    assertThat(trigger.renewer().orElseThrow().renew(hook, null).expiresAt()).isEqualTo(LATER);
    assertThat(trigger.signature()).isSameAs(GITHUB);
    assertThat(trigger.successStatus()).isEqualTo(202);
    assertThat(trigger.gapPoll()).containsSame(asked);
    assertThat(trigger.receive(delivery("")))
        .isEqualTo(Received.event(new Event<String>("", "POST")));
  }

  private static Delivery delivery(String body) {
    return new Delivery(
        "POST", Map.of("x-id", List.of("1", "2")), null, body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWebhookTriggerNeedsNeitherToFindNorToRenew() {
    WebhookTrigger<String, String> trigger =
        WebhookTrigger.builder("called", String.class, String.class)
            .signature(Signature.unsigned().build())
            .subscribe((what, callback, call) -> Registration.of(what))
            .unsubscribe((hook, call) -> {})
            .receive(delivery -> Received.nothing());

    assertThat(trigger.finder()).isEmpty();
    assertThat(trigger.renewer()).isEmpty();
    assertThat(trigger.gapPoll()).isEmpty();
    assertThat(trigger.successStatus()).isEqualTo(200);
  }

  @Test
  void aWebhookTriggerKnowsHowToSubscribeAndToUnsubscribe() {
    var builder = WebhookTrigger.builder("called", String.class, String.class);

    assertThatIllegalStateException()
        .isThrownBy(() -> builder.receive(delivery -> Received.nothing()))
        .withMessage("Webhook trigger 'called' needs signature(...)");
    builder.signature(GITHUB);
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.receive(delivery -> Received.nothing()))
        .withMessage("Webhook trigger 'called' needs subscribe(...)");
    builder.subscribe((what, callback, call) -> Registration.of(what));
    assertThatIllegalStateException()
        .isThrownBy(() -> builder.receive(delivery -> Received.nothing()))
        .withMessage("Webhook trigger 'called' needs unsubscribe(...)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.successStatus(302))
        .withMessage("The status for success must be between 200 and 299, but was 302");
  }

  record Task(String title) {}

  @Test
  void aDeliveryIsReadAsWhatItIs() {
    assertThat(delivery("").header("X-Id")).isEqualTo("1");
    assertThat(delivery("").header("X-Other")).isNull();
    assertThat(delivery("Zo\u00eb").text()).isEqualTo("Zo\u00eb");
    assertThat(delivery("{\"title\":\"Milk\",\"more\":1}").as(Task.class))
        .isEqualTo(new Task("Milk"));
    assertThat(delivery("[1]").json().get(0).asInt()).isEqualTo(1);
    assertThat(delivery("").json().isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{} {}", "{\"title\":\"Milk", "[]", "1e1000000000000"})
  void aDeliveryThatIsSomethingElseSaysSoAndQuotesNothing(String body) {
    assertThatExceptionOfType(ResponseException.class)
        .isThrownBy(() -> delivery(body).as(Task.class))
        .withMessage(
            "The delivery (" + body.length() + " bytes) is not JSON of the expected shape");
  }

  @Test
  void aCallbackShowsNoMoreThanItsHost() {
    var callback =
        new WebhookTrigger.Callback(URI.create("https://h.example/hooks/9f"), Secret.of("s3cret"));

    assertThat(callback).hasToString("Callback[h.example]");
  }

  @Test
  void theIdOfARegistrationHasAnEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Registration.of("x".repeat(4_001)))
        .withMessage("The id of a registration must have at most 4,000 characters, but has 4001");
  }
}
