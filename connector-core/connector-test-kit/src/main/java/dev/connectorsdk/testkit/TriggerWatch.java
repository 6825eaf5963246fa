package dev.connectorsdk.testkit;

import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.webhook.Signature.Freshness;
import dev.connectorsdk.testkit.KnownRegistrations.Known;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.WebhookRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A trigger that a test has subscribed to; see {@link ConnectorTest#watch}. Polls and deliveries
 * are done when the test says so, on its thread.
 *
 * @param <E> the payload of an event
 */
public final class TriggerWatch<E> {

  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final ConnectorTest test;
  private final Subscription subscription;
  private final @Nullable WebhookTrigger<?, ?> webhook;
  private final Function<JsonNode, E> reading;
  private @Nullable WebhookRequest last;
  private byte[] lastBody = new byte[0];

  TriggerWatch(
      ConnectorTest test,
      Subscription subscription,
      @Nullable WebhookTrigger<?, ?> webhook,
      Function<JsonNode, E> reading) {
    this.test = test;
    this.subscription = subscription;
    this.webhook = webhook;
    this.reading = reading;
  }

  /** Returns the subscription as it is now. */
  public Subscription subscription() {
    return test.runtime().triggers().inspect(test.flowCaller(), subscription.id());
  }

  /**
   * Lets an hour pass, so that the trigger polls, and hands over what it finds.
   *
   * @return the events of this poll
   * @throws AssertionError if the poll failed
   */
  public List<E> poll() {
    int before = test.handled(subscription.id()).size();
    test.clock().advance(LONG);
    test.runtime().runDueTriggers();
    Subscription now = subscription();
    if (now.failures() > 0) {
      throw new AssertionError("The poll failed: " + now.lastError());
    }
    List<E> all = events();
    return all.subList(before, all.size());
  }

  /**
   * Delivers what the service sends when something happens, signed as the trigger declares.
   *
   * @return the status of the answer
   * @throws IllegalArgumentException if the signature cannot be made here, since it is checked by
   *     code, or with a key that only the service has
   */
  public int deliver(String body) {
    return send(sample().signed(body, now()));
  }

  /** Delivers what somebody else has signed, or changed; returns the status of the answer. */
  public int deliverForged(String body) {
    return send(sample().forged(body, now()));
  }

  /**
   * Delivers what was signed a minute longer ago than the trigger allows.
   *
   * @return the status of the answer
   * @throws IllegalStateException if the trigger does not say how old a delivery may be
   */
  public int deliverLate(String body) {
    Freshness freshness = webhook().signature().freshness();
    if (freshness == null) {
      throw new IllegalStateException(
          "The trigger does not say how old a delivery may be, so that none is late");
    }
    return send(sample().signed(body, now().minus(freshness.past()).minus(MINUTE)));
  }

  /**
   * Delivers the last delivery once more, byte for byte.
   *
   * @return the status of the answer
   * @throws IllegalStateException if there was none
   */
  public int deliverAgain() {
    WebhookRequest before = last;
    if (before == null) {
      throw new IllegalStateException("Nothing was delivered before");
    }
    return send(copy(before, lastBody));
  }

  private int send(WebhookRequest delivery) {
    try {
      lastBody = delivery.body().readAllBytes();
      last = delivery;
      int status = test.runtime().triggers().receive(copy(delivery, lastBody)).status();
      test.runtime().runDueTriggers();
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static WebhookRequest copy(WebhookRequest like, byte[] body) {
    return new WebhookRequest(
        like.method(), like.path(), like.query(), like.headers(), new ByteArrayInputStream(body));
  }

  private SampleDelivery sample() {
    Known known = test.registration(webhook().id());
    if (known == null) {
      throw new IllegalStateException(
          "The callback is not registered. What the service answers to its registration is to be"
              + " said before the trigger is watched. "
              + subscription().lastError());
    }
    return SampleDelivery.of(webhook(), known, null, test.values());
  }

  private WebhookTrigger<?, ?> webhook() {
    if (webhook == null) {
      throw new IllegalStateException("The trigger polls, and nothing is delivered to it");
    }
    return webhook;
  }

  private Instant now() {
    return test.clock().instant();
  }

  /** Returns all events so far, in the order in which they were handed over. */
  public List<E> events() {
    return test.handled(subscription.id()).stream()
        .map(event -> reading.apply(event.payload()))
        .toList();
  }

  /** Returns the ids of {@link #events}. */
  public List<String> ids() {
    return test.handled(subscription.id()).stream().map(Rig.Handled::id).toList();
  }
}
