package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectionReference.Source;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.PollingTrigger.Start;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.api.spi.TriggerStore.Life;
import dev.connectorsdk.api.spi.TriggerStore.Outcome;
import dev.connectorsdk.api.spi.TriggerStore.Progress;
import dev.connectorsdk.api.spi.TriggerStore.Sealed;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.internal.schema.Schemas;
import dev.connectorsdk.trigger.Subscription.Phase;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Checks what a host wants to watch, and makes of it what is stored. */
final class SubscriptionDrafts {

  private static final Duration STANDARD_INTERVAL = Duration.ofMinutes(3);
  private static final Duration SHORTEST_OF_WEBHOOKS = Duration.ofSeconds(15);
  private static final Duration LONGEST_INTERVAL = Duration.ofDays(366);

  private final Sources sources;
  private final Subscriptions subscriptions;
  private final Schemas schemas;
  private final RandomGenerator random;
  private final Callbacks callbacks;

  SubscriptionDrafts(
      Sources sources,
      Subscriptions subscriptions,
      Schemas schemas,
      RandomGenerator random,
      Callbacks callbacks) {
    this.sources = sources;
    this.subscriptions = subscriptions;
    this.schemas = schemas;
    this.random = random;
    this.callbacks = callbacks;
  }

  /** Returns a new subscription, which is not stored yet. */
  StoredSubscription subscription(Caller caller, Flow flow, SubscriptionSpec spec) {
    String settings = settings(caller, flow, spec);
    String id = new UUID(random.nextLong(), random.nextLong()).toString();
    boolean calledBack = trigger(caller.environment(), spec) instanceof WebhookTrigger;
    String address = calledBack ? callbacks.unguessable() : "";
    Phase phase = calledBack ? Phase.SUBSCRIBING : Phase.ACTIVE;
    return new StoredSubscription(
        id,
        1,
        subject(caller, flow, spec, calledBack ? Callbacks.hash(address) : ""),
        settings,
        new Life(phase.name(), "", true),
        calledBack ? subscriptions.seal(id, Leases.none(address)) : Sealed.NONE,
        Progress.NONE,
        Outcome.NONE);
  }

  private static Subject subject(Caller caller, Flow flow, SubscriptionSpec spec, String address) {
    ConnectionReference reference = spec.reference();
    return new Subject(
        caller.environment(),
        flow.id(),
        reference.connector(),
        reference.logicalName(),
        spec.triggerId(),
        spec.handler(),
        address);
  }

  /** Returns a stored subscription as it is when it watches something else. */
  StoredSubscription changed(
      Caller caller, Flow flow, StoredSubscription row, SubscriptionSpec spec) {
    Subject before = row.subject();
    boolean same =
        before.reference().equals(spec.reference().logicalName())
            && before.connector().equals(spec.reference().connector())
            && before.trigger().equals(spec.triggerId());
    if (!same) {
      throw new IllegalArgumentException(
          "A change keeps reference and trigger: end this subscription and begin another one");
    }
    StoredSubscription next =
        SubscriptionChanges.with(
            row, before.handledBy(spec.handler()), settings(caller, flow, spec), row.life());
    JsonNode was = subscriptions.settings(row).configuration();
    return row.registration().isEmpty() || was.equals(subscriptions.settings(next).configuration())
        ? next
        : next.with(subscriptions.seal(row.id(), subscriptions.leases(row).outdated()));
  }

  private String settings(Caller caller, Flow flow, SubscriptionSpec spec) {
    Trigger<?, ?> trigger = trigger(caller.environment(), spec);
    sources.requireSubscribable(caller, flow, spec.reference(), trigger.id());
    List<Fault> faults = new ArrayList<>(references(flow, spec.reference()));
    requireInterval(trigger, spec, faults);
    if (trigger instanceof PollingTrigger<?, ?, ?> polling) {
      requireStart(polling, spec.start(), faults);
    }
    JsonNode configuration = configuration(trigger, spec, faults);
    if (!faults.isEmpty()) {
      throw new InvalidInputException("a subscription of trigger '" + trigger.id() + "'", faults);
    }
    return subscriptions.text(
        SubscriptionSettings.of(spec, interval(trigger, spec), configuration));
  }

  private static void requireInterval(
      Trigger<?, ?> trigger, SubscriptionSpec spec, List<Fault> faults) {
    Duration shortest = shortest(trigger);
    Duration interval = interval(trigger, spec);
    if (interval.compareTo(shortest) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
      faults.add(new Fault("/interval", "must be " + shortest + " to " + LONGEST_INTERVAL));
    }
  }

  private static Duration shortest(Trigger<?, ?> trigger) {
    return Sources.asking(trigger)
        .map(PollingTrigger::minimumInterval)
        .orElse(SHORTEST_OF_WEBHOOKS);
  }

  private static Duration interval(Trigger<?, ?> trigger, SubscriptionSpec spec) {
    Duration said = spec.interval();
    if (said != null) {
      return said;
    }
    Duration shortest = shortest(trigger);
    return shortest.compareTo(STANDARD_INTERVAL) < 0 ? STANDARD_INTERVAL : shortest;
  }

  private static void requireStart(
      PollingTrigger<?, ?, ?> trigger, Start start, List<Fault> faults) {
    if (!trigger.starts().contains(start.getClass())) {
      List<String> possible = trigger.starts().stream().map(Class::getSimpleName).sorted().toList();
      faults.add(new Fault("/start", "must be one of " + possible));
    }
  }

  /**
   * Checks that a trigger can begin there.
   *
   * @throws InvalidInputException if it cannot
   */
  void requireStart(StoredSubscription row, Start start) {
    List<Fault> faults = new ArrayList<>();
    sources.asking(row).ifPresent(polling -> requireStart(polling, start, faults));
    if (!faults.isEmpty()) {
      throw new InvalidInputException("trigger '" + row.subject().trigger() + "'", faults);
    }
  }

  /** Returns whether a cursor is of no use any more after a change. */
  boolean isOutdated(StoredSubscription before, StoredSubscription after) {
    JsonNode was = subscriptions.settings(before).configuration();
    JsonNode is = subscriptions.settings(after).configuration();
    return sources.asking(before).stream()
        .flatMap(polling -> polling.cursorFields().stream())
        .anyMatch(field -> !isSame(was.path(field), is.path(field)));
  }

  /** What has no value is left out now, and was {@code null} as earlier versions wrote it. */
  private static boolean isSame(JsonNode was, JsonNode is) {
    return was.equals(is) || (hasNoValue(was) && hasNoValue(is));
  }

  private static boolean hasNoValue(JsonNode node) {
    return node.isNull() || node.isMissingNode();
  }

  private Trigger<?, ?> trigger(Environment environment, SubscriptionSpec spec) {
    ConnectorId connector = spec.reference().connector();
    Trigger<?, ?> registered = sources.trigger(environment, connector, spec.triggerId());
    Trigger<?, ?> given = spec.trigger();
    if (given != null && registered != given && !registered.equals(given)) {
      throw new IllegalArgumentException(
          "Trigger '"
              + given.id()
              + "' is not the one that connector '"
              + connector
              + "' was registered with");
    }
    if (registered instanceof WebhookTrigger && !callbacks.isOpen()) {
      throw new OperationUnsupportedException(
          registered.id(),
          "nobody has said where services can call this application: RuntimeBuilder.publicAddress");
    }
    if (registered instanceof WebhookTrigger<?, ?> webhook && webhook.application().isPresent()) {
      requireOneApplication(sources.connector(environment, connector), webhook);
    }
    return registered;
  }

  private static void requireOneApplication(Connector connector, WebhookTrigger<?, ?> trigger) {
    if (!Applications.agree(connector)) {
      throw new OperationUnsupportedException(
          trigger.id(),
          "the triggers of the connector that belong to an application have not all the same"
              + " application, content types and success status");
    }
  }

  private static List<Fault> references(Flow flow, ConnectionReference reference) {
    Set<ConnectionReference> all = new LinkedHashSet<>(flow.references());
    all.add(reference);
    return all.stream()
        .filter(one -> one.source() != Source.EMBEDDED)
        .map(
            one ->
                new Fault(
                    "/flow/references/" + one.logicalName(),
                    "is an invoker reference, and nobody starts the flow who brings a connection"))
        .toList();
  }

  private JsonNode configuration(Trigger<?, ?> trigger, SubscriptionSpec spec, List<Fault> faults) {
    String what = "trigger '" + trigger.id() + "'";
    try {
      JsonNode json =
          spec.configuration() instanceof JsonNode given
              ? given
              : subscriptions.mapper().valueToTree(spec.configuration());
      schemas.validatorFor(trigger.configuration()).read(what, json);
      for (String file : EmbeddedFiles.in(json)) {
        faults.add(new Fault("/configuration" + file, "is a file, which cannot be stored"));
      }
      return json;
    } catch (InvalidInputException e) {
      e.faults()
          .forEach(
              fault -> faults.add(new Fault("/configuration" + fault.path(), fault.problem())));
    } catch (JacksonException e) {
      faults.add(new Fault("/configuration", "cannot be written as JSON"));
    }
    return subscriptions.mapper().nullNode();
  }
}
