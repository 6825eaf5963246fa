package dev.connectorsdk.trigger;

import dev.connectorsdk.api.Administrator;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.spi.TriggerStore.EventStatus;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Subscriptions of triggers. Safe for use by several threads.
 *
 * <p>What an administrator is told apart, every method takes a caller that runs a flow, {@code
 * ada.running(flow)}, and sees the subscriptions of this flow in the caller's environment, no
 * others. The caller has to be an owner or a co-owner of the flow as the host's {@linkplain
 * dev.connectorsdk.api.spi.FlowDirectory directory} knows it; else, as for a flow that is not known
 * and for a subscription that is not there, {@link dev.connectorsdk.api.error.NotFoundException} is
 * thrown.
 *
 * <p>Where a method changes a subscription, a poll or a delivery that has begun before stores
 * nothing any more, and a subscription that is in a phase that does not allow the change is an
 * {@link IllegalStateException} that says so.
 */
public interface Triggers {

  /**
   * Begins to watch. The subscription outlives the process; whichever process has its handler goes
   * on with it.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException with all that is wrong: in the
   *     configuration, an interval shorter than the trigger allows, and each reference of the flow
   *     that is not embedded, for which nobody would bring a connection
   * @throws dev.connectorsdk.api.error.ResolutionException if the flow does not declare the
   *     reference
   * @throws IllegalStateException if the runtime has no directory of flows
   */
  Subscription subscribe(Caller caller, SubscriptionSpec spec);

  /** Returns the subscriptions of the flow, ordered by id. */
  List<Subscription> list(Caller caller);

  /**
   * Returns a page of the subscriptions in an environment that an administrator looks after,
   * whosever flows they are for: how each is, but not what it watches, {@link
   * Subscription#configuration} is empty, and none of its events. No service is asked.
   *
   * @param flow only those of this flow; {@code null} for all
   * @param after only those whose id comes after this one, in an order of the store's own; the
   *     empty text for the first page
   * @param limit at most so many, 1 to 1,000
   * @throws IllegalArgumentException if the limit is another
   */
  List<Subscription> list(
      Administrator administrator, @Nullable String flow, String after, int limit);

  /** Returns a subscription. */
  Subscription inspect(Caller caller, String id);

  /**
   * Watches something else, or watches it in another way. What was found before stays; so does the
   * cursor, unless the trigger says that it depends on what has changed.
   *
   * @param spec with the same reference and trigger
   * @throws dev.connectorsdk.api.error.InvalidInputException as {@link #subscribe}
   * @throws IllegalStateException if it ends or has ended
   */
  Subscription change(Caller caller, String id, SubscriptionSpec spec);

  /** Stops polling and handling until {@link #resume}. What is sent meanwhile is stored. */
  Subscription pause(Caller caller, String id);

  /** Goes on where {@link #pause} has stopped, or after too many events. */
  Subscription resume(Caller caller, String id);

  /**
   * Forgets how far the service has been read. Events that were stored before are found again, and
   * left out as long as their ids are known, for at least 7 days after they were accepted or
   * dropped; {@link #replay} has those handled again. {@linkplain SubscriptionSpec#inBatches
   * Batches} are left out only if they consist of the same events as before; others are handled
   * again. Where it may leave events out, {@link Subscription#proof} says so.
   *
   * @param start where the next poll begins
   */
  Subscription rewind(Caller caller, String id, Start start);

  /**
   * Polls as soon as possible. A poll that is under way, or has just ended, counts as that one.
   *
   * @throws IllegalStateException if the subscription is not active
   */
  void pollNow(Caller caller, String id);

  /**
   * Asks the service for what a poll, or the poll that fills the gaps of a webhook, would find now,
   * and keeps nothing of it. Blocks as a call does.
   *
   * @param limit how many events to ask for; the trigger may return more
   * @throws dev.connectorsdk.api.error.ConnectorException as {@code ConnectorRuntime.invoke} does
   */
  List<Event<JsonNode>> preview(Caller caller, String id, int limit);

  /**
   * Returns events of a subscription, the oldest first.
   *
   * @param status only in this status; {@code null} for all
   * @param after only those with a greater number; 0 for the first page
   * @param limit at most so many
   */
  List<InboxEvent> events(
      Caller caller, String id, @Nullable EventStatus status, long after, int limit);

  /**
   * Has a parked event, or an accepted one whose payload was kept, handled again.
   *
   * @return {@code false} if there is no such event
   */
  boolean replay(Caller caller, String id, long number);

  /**
   * Drops a parked event. If it is found again within 7 days, it is left out.
   *
   * @return {@code false} if there is no such event
   */
  boolean drop(Caller caller, String id, long number);

  /**
   * Ends a subscription, and drops all its events. Where the service has registered a callback,
   * that is removed first, in up to 5 tries within an hour: meanwhile the subscription is {@link
   * Subscription.Phase#ENDING}. If that fails, or if what is stored of it cannot be decrypted, it
   * stays in the list as {@link Subscription.Phase#ENDED}, until this is called once more.
   *
   * <p>A process that has the handler removes the callback; if it is not registered with this
   * runtime, any process does that has some handler.
   *
   * @return {@code false} if there is no such subscription
   */
  boolean unsubscribe(Caller caller, String id);

  /**
   * Returns the URL that an application is to be registered with at the service, for the webhooks
   * of all its accounts. It does not change; whoever knows it can do nothing with it.
   *
   * @param connector public, whose triggers belong to the application
   * @param authOption that the application's client is registered for, with {@linkplain
   *     dev.connectorsdk.api.auth.ClientRegistration#withWebhookSecrets webhook secrets}
   * @throws dev.connectorsdk.api.error.NotFoundException if there is no such application
   */
  URI applicationUrl(String connector, String authOption);

  /**
   * Returns the URL that the application of a custom connector's client is to be registered with;
   * see {@link #applicationUrl(String, String)}. Each environment has its own.
   *
   * @throws dev.connectorsdk.api.error.NotFoundException if there is no such application
   */
  URI applicationUrl(String connector, String authOption, String environment);

  /**
   * Answers a request at a callback URL. For the host's web server, which hands over whatever
   * arrives below the {@linkplain dev.connectorsdk.runtime.RuntimeBuilder#publicAddress public
   * address}, and writes the response.
   *
   * <p>Success is answered once the events are stored, whatever the handler does with them later. A
   * delivery that was stored before is answered with success and handled once. What is refused has
   * no body: 404 for a URL that nobody has, 410 for one that has ended, 405, 408, 413, 415 and 431
   * for requests that no service sends, 401 for a delivery that is not authentic, 400 for one that
   * cannot be read, 500 if the trigger's code fails or returns what cannot be stored, such as a
   * file, 503 with {@code Retry-After} if it cannot be checked or stored now.
   *
   * @throws IOException if the body cannot be read
   */
  WebhookResponse receive(WebhookRequest request) throws IOException;
}
