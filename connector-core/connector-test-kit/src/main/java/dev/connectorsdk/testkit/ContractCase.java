package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.fixtures.SettableClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A connector whose operations were rehearsed, for all rules to look at. */
final class ContractCase {

  private final ContractSubject subject;
  private final AdaptedConnector runnable;
  private final List<Probe> probes = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  ContractCase(ContractSubject subject) {
    this.subject = subject;
    Connector connector = subject.connector();
    List<Action<?, ?>> actions = new ArrayList<>(connector.actions());
    for (Trigger<?, ?> trigger : connector.triggers()) {
      actions.add(SyntheticActions.of(trigger, new SettableClock()));
    }
    connector.connectionTest().map(SyntheticActions::of).ifPresent(actions::add);
    // Nothing tries connections out by itself: that would be counted.
    this.runnable =
        new AdaptedConnector(connector, actions, connector.triggers(), Optional.of(call -> null));
    Rehearsal rehearsal = new Rehearsal(subject, runnable);
    for (Action<?, ?> action : connector.actions()) {
      if (subject.leftOut().containsKey(action.id())) {
        continue;
      }
      add(rehearsal.of(action, action.id(), "action '" + action.id() + "'"));
    }
    runnable
        .action(SyntheticActions.TEST)
        .ifPresent(
            test -> add(rehearsal.of(test, SyntheticActions.TEST, "the test of connections")));
    for (Trigger<?, ?> trigger : triggers()) {
      Action<?, ?> requests = runnable.action(SyntheticActions.idOf(trigger)).orElseThrow();
      add(rehearsal.of(requests, trigger.id(), "trigger '" + trigger.id() + "'"));
    }
  }

  private void add(Rehearsal.Result result) {
    if (result.probe() != null) {
      probes.add(result.probe());
    }
    if (result.fault() != null) {
      faults.add(result.fault());
    }
  }

  ContractSubject subject() {
    return subject;
  }

  Connector connector() {
    return subject.connector();
  }

  /** Returns what could not be rehearsed. */
  List<String> faults() {
    return faults;
  }

  /** Returns the operations that send requests. */
  List<Probe> sending() {
    return sending(probe -> true);
  }

  List<Probe> sending(Predicate<Probe> which) {
    return probes.stream().filter(p -> !p.requests().isEmpty()).filter(which).toList();
  }

  /** Returns those of {@link #sending} that are no triggers. */
  List<Probe> actions() {
    return sending(probe -> !probe.place().startsWith("trigger "));
  }

  @Nullable Probe probeOf(Trigger<?, ?> trigger) {
    return probes.stream()
        .filter(probe -> probe.actionId().equals(SyntheticActions.idOf(trigger)))
        .findFirst()
        .orElse(null);
  }

  static String notRehearsed(Trigger<?, ?> trigger) {
    return "trigger '" + trigger.id() + "' was not looked at, since its sample does not work.";
  }

  /** Returns the triggers that are looked at. */
  private List<Trigger<?, ?>> triggers() {
    List<Trigger<?, ?>> all = new ArrayList<>(connector().triggers());
    all.removeIf(trigger -> subject.leftOut().containsKey(trigger.id()));
    return all;
  }

  List<PollingTrigger<?, ?, ?>> polled() {
    List<PollingTrigger<?, ?, ?>> all = new ArrayList<>();
    for (Trigger<?, ?> trigger : triggers()) {
      if (trigger instanceof PollingTrigger<?, ?, ?> polling) {
        all.add(polling);
      }
    }
    return all;
  }

  List<WebhookTrigger<?, ?>> called() {
    List<WebhookTrigger<?, ?>> all = new ArrayList<>();
    for (Trigger<?, ?> trigger : triggers()) {
      if (trigger instanceof WebhookTrigger<?, ?> webhook) {
        all.add(webhook);
      }
    }
    return all;
  }

  /** Returns a new connection, whose clock stands at the beginning. */
  Rig rig() {
    return new Rig(subject, runnable);
  }

  /** Returns whether an operation writes something that must not be written twice. */
  static boolean writesOnce(Probe probe) {
    return !probe.effect().isRepeatable()
        && !probe.isRepeatable()
        && (probe.effect() == Effect.WRITE || probe.effect() == Effect.DESTRUCTIVE);
  }
}
