package dev.connectorsdk.internal.trigger;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.ActionFailedException;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.api.event.AuditRecord.Kind;
import dev.connectorsdk.api.spi.TriggerStore.StoredSubscription;
import dev.connectorsdk.api.spi.TriggerStore.Subject;
import dev.connectorsdk.internal.audit.Auditor;
import dev.connectorsdk.internal.audit.Auditor.Attempt;
import dev.connectorsdk.internal.connection.PolicyGate;
import dev.connectorsdk.internal.connection.Registry;
import dev.connectorsdk.internal.connection.Registry.ClientKey;
import dev.connectorsdk.internal.http.EndpointGate;
import dev.connectorsdk.internal.reference.Admission;
import dev.connectorsdk.internal.reference.Resolver;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds where the events of subscriptions come from. Safe for several threads. */
final class Sources {

  /** What is missing where a connector has no such trigger; see {@link NotFoundException#kind}. */
  static final String TRIGGER = "trigger";

  private static final Logger log = LoggerFactory.getLogger(Sources.class);

  private final Registry registry;
  private final Flows flows;
  private final Resolver resolver;
  private final Subscriptions subscriptions;
  private final PolicyGate policies;
  private final Auditor auditor;

  Sources(
      Registry registry,
      Flows flows,
      Resolver resolver,
      Subscriptions subscriptions,
      PolicyGate policies,
      Auditor auditor) {
    this.registry = registry;
    this.flows = flows;
    this.resolver = resolver;
    this.subscriptions = subscriptions;
    this.policies = policies;
    this.auditor = auditor;
  }

  /**
   * Returns where the events of a subscription come from now.
   *
   * @throws NotFoundException if there is no such trigger or flow
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy forbids it
   * @throws dev.connectorsdk.api.error.ResolutionException if the flow has no connection for it
   */
  Source of(StoredSubscription row) {
    Trigger<?, ?> trigger = trigger(row);
    requireSameKind(row, trigger);
    Caller caller = caller(row);
    SubscriptionSettings settings = subscriptions.settings(row);
    ConnectionReference reference = reference(row, settings);
    policies.requireCall(caller, reference, trigger.id());
    return new Source(trigger, caller, reference, resolver.resolve(caller, reference), settings);
  }

  /** Another version of a connector may have another trigger under the same id. */
  private static void requireSameKind(StoredSubscription row, Trigger<?, ?> trigger) {
    boolean polls = row.registration().isEmpty();
    if (polls ? trigger instanceof PollingTrigger : trigger instanceof WebhookTrigger) {
      return;
    }
    throw ofAnotherKind(row, trigger, polls ? "polling trigger" : "webhook");
  }

  private static NotFoundException ofAnotherKind(
      StoredSubscription row, Trigger<?, ?> trigger, String former) {
    return new NotFoundException(
        TRIGGER,
        trigger.id(),
        "Connector '"
            + row.subject().connector()
            + "' has one of another kind by now; it was a "
            + former
            + ".");
  }

  private static ConnectionReference reference(
      StoredSubscription row, SubscriptionSettings settings) {
    return settings.reference(row.subject().reference(), row.subject().connector());
  }

  /**
   * Checks that the flow may have what a service has sent, or was asked for, for a subscription
   * now.
   *
   * @return the caller that stands for the flow
   * @throws NotFoundException if there is no such flow
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy forbids it
   * @throws dev.connectorsdk.api.error.ResolutionException if the flow has no right to its
   *     connection, or an administrator has disabled that
   * @throws dev.connectorsdk.api.error.MembershipException if that cannot be told
   */
  Caller requirePermitted(StoredSubscription row) {
    Caller caller = caller(row);
    ConnectionReference reference = reference(row, subscriptions.settings(row));
    policies.requireCall(caller, reference, row.subject().trigger());
    resolver.requireMayReceive(caller, reference);
    return caller;
  }

  /**
   * Records that a flow was refused the events of a subscription, if the failure says so and the
   * flow is known.
   *
   * @param failure what {@link #of} or {@link #requirePermitted} has thrown
   */
  void refused(StoredSubscription row, ConnectorException failure) {
    Subject subject = row.subject();
    find(row)
        .map(flow -> new Attempt(Kind.CALL, flow, subject.connector(), subject.trigger(), null))
        .ifPresent(attempt -> auditor.refused(attempt, failure));
  }

  /**
   * Records as {@link #refused(StoredSubscription, ConnectorException)} does, unless the
   * subscription waits already because of such a failure, or cannot.
   *
   * @param delivers as in {@link SubscriptionChanges#suspended}
   */
  void refused(StoredSubscription row, ConnectorException failure, boolean delivers) {
    if (!SubscriptionChanges.suspended(row, Problems.of(failure), delivers).equals(row.life())) {
      refused(row, failure);
    }
  }

  /**
   * Checks, before somebody does something with a subscription, that this can be recorded.
   *
   * @throws dev.connectorsdk.api.error.StoreException if not
   */
  void requireRoom() {
    auditor.requireRoom();
  }

  /**
   * Records what somebody has done with a subscription.
   *
   * @param act in the past
   */
  void done(Caller by, StoredSubscription row, String act) {
    Subject subject = row.subject();
    auditor.done(
        new Attempt(
            Kind.CHANGE,
            by,
            subject.connector(),
            "subscription to " + subject.trigger() + " " + act,
            null));
  }

  /**
   * Checks that a flow may have the events of a trigger without anybody having started it.
   *
   * @param caller who wants it to have them
   * @throws dev.connectorsdk.api.error.PolicyException if a data policy forbids it
   * @throws dev.connectorsdk.api.error.ResolutionException if it may not use the reference
   */
  void requireSubscribable(
      Caller caller, Flow flow, ConnectionReference reference, String trigger) {
    auditor.attempt(
        new Attempt(Kind.CHANGE, caller, reference.connector(), "subscription to " + trigger, null),
        () -> {
          resolver.admission().requireUnattended(caller, flow, reference);
          Admission.requireDeclared(caller, flow, reference);
          policies.requireCall(flow.in(caller.environment()), reference, trigger);
          return flow;
        });
  }

  /**
   * Returns the caller that stands for the flow of a subscription.
   *
   * @throws NotFoundException if there is no such flow
   */
  Caller caller(StoredSubscription row) {
    return flows.present(row.subject().flow()).in(row.subject().environment());
  }

  /** Returns the same, if the flow is known: nobody where the directory of flows fails or hangs. */
  Optional<Caller> find(StoredSubscription row) {
    try {
      return flows.find(row.subject().flow()).map(flow -> flow.in(row.subject().environment()));
    } catch (ActionFailedException e) {
      log.debug("The flow of {} is not known now", row.id(), e);
      return Optional.empty();
    }
  }

  /** Returns what data policies say about where the requests for a subscription go. */
  EndpointGate endpoints(StoredSubscription row) {
    EndpointGate gate = policies.endpoints(row.subject().environment(), row.subject().connector());
    return (url, nobody) -> gate.require(url, find(row).orElse(null));
  }

  /** Returns what data policies say about where the requests for an application go. */
  EndpointGate endpoints(ClientKey application) {
    return policies.endpoints(application.environment(), application.connector());
  }

  /**
   * Returns what asks for the events of a subscription, if anything does: its trigger, or what
   * fills the gaps of a webhook.
   *
   * @throws NotFoundException if there is no such trigger
   */
  Optional<PollingTrigger<?, ?, ?>> asking(StoredSubscription row) {
    return asking(trigger(row));
  }

  /** Returns what asks for the events of a trigger, as {@link #asking(StoredSubscription)} does. */
  static Optional<PollingTrigger<?, ?, ?>> asking(Trigger<?, ?> trigger) {
    if (trigger instanceof PollingTrigger<?, ?, ?> polling) {
      return Optional.of(polling);
    }
    return trigger instanceof WebhookTrigger<?, ?> webhook
        ? webhook.gapPoll().map(poll -> poll)
        : Optional.empty();
  }

  /**
   * Returns a connector of an environment.
   *
   * @throws NotFoundException if there is no such connector
   */
  Connector connector(Environment environment, ConnectorId id) {
    return registry.connector(environment, id);
  }

  /**
   * Returns the trigger of a subscription.
   *
   * @throws NotFoundException if there is no such connector, or it has no such trigger
   */
  Trigger<?, ?> trigger(StoredSubscription row) {
    Subject subject = row.subject();
    return trigger(subject.environment(), subject.connector(), subject.trigger());
  }

  /**
   * Returns the trigger of a subscription that a service calls back.
   *
   * @throws NotFoundException if there is no such webhook any more
   */
  WebhookTrigger<?, ?> webhook(StoredSubscription row) {
    Trigger<?, ?> trigger = trigger(row);
    if (trigger instanceof WebhookTrigger<?, ?> webhook) {
      return webhook;
    }
    throw ofAnotherKind(row, trigger, "webhook");
  }

  /**
   * Returns a trigger of a connector of an environment.
   *
   * @throws NotFoundException if there is no such connector, or it has no such trigger
   */
  Trigger<?, ?> trigger(Environment environment, ConnectorId id, String trigger) {
    Connector connector = connector(environment, id);
    return connector
        .trigger(trigger)
        .orElseThrow(
            () ->
                new NotFoundException(
                    TRIGGER,
                    trigger,
                    "Connector '"
                        + id
                        + "' offers "
                        + connector.triggers().stream().map(Trigger::id).limit(50).toList()
                        + "."));
  }
}
