package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Event;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.testkit.Rig.Handled;
import dev.connectorsdk.testkit.SampleJson.Fill;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.SubscriptionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * {@link ContractRule#POLLING}: something happens at the service, is looked at without being
 * stored, a poll fails halfway, the process starts anew, and the service sends all of it twice.
 */
final class PollingCheck implements Check {

  private static final Duration LONG = Duration.ofHours(3);
  private static final int EVENTS = 100;

  @Override
  public Optional<String> doesNotApply(ContractCase connector) {
    return connector.polled().isEmpty() ? Optional.of("no trigger polls") : Optional.empty();
  }

  @Override
  public boolean isSeenFromDeclaration() {
    return true;
  }

  @Override
  public List<String> problems(ContractCase connector) {
    List<String> problems = new ArrayList<>();
    for (PollingTrigger<?, ?, ?> trigger : connector.polled()) {
      Probe probe = connector.probeOf(trigger);
      if (probe == null) {
        problems.add(ContractCase.notRehearsed(trigger));
      } else {
        check(connector, trigger, probe)
            .ifPresent(problem -> problems.add(probe.place() + " " + problem));
      }
    }
    return problems;
  }

  private static Optional<String> check(
      ContractCase connector, PollingTrigger<?, ?, ?> trigger, Probe probe) {
    try (Rig rig = connector.rig()) {
      rig.service().answers(happened(probe, false));
      Subscription made =
          rig.runtime()
              .triggers()
              .subscribe(
                  rig.caller(),
                  SubscriptionSpec.of(rig.reference(), trigger.id(), probe.input(), rig.handler())
                      .starting(SyntheticActions.start(trigger)));
      rig.runtime().runDueTriggers();
      Optional<String> failed = failure(rig, made, "polled first");
      if (failed.isPresent()) {
        return failed;
      }
      int before = rig.service().requests().size();
      List<JsonNode> seen = look(rig, made, probe);
      int requests = rig.service().requests().size() - before;
      if (seen.isEmpty()) {
        return Optional.of(
            "finds no event in what the service answers. Say what it answers before and after"
                + " something has happened: answers(\""
                + trigger.id()
                + "\", \"...\", \"...\").");
      }
      rig.service().answers(halfway(probe, requests));
      poll(rig);
      if (rig.runtime().triggers().inspect(rig.caller(), made.id()).failures() == 0) {
        return Optional.of(
            "hides that a poll has failed, so that nobody knows what it has missed. Let the"
                + " exception pass.");
      }
      return afterARestart(rig, made, probe, seen);
    }
  }

  private static Optional<String> afterARestart(
      Rig rig, Subscription made, Probe probe, List<JsonNode> seen) {
    rig.restart();
    rig.service().answers(happened(probe, true));
    poll(rig);
    Optional<String> failed = failure(rig, made, "polled after a failure");
    if (failed.isPresent()) {
      return failed;
    }
    List<Handled> found = rig.handled();
    List<JsonNode> payloads = found.stream().map(Handled::payload).toList();
    if (!payloads.containsAll(seen)) {
      return Optional.of(
          "loses an event that it had found, but that was not stored before the process ended."
              + " What it remembers belongs into the cursor alone.");
    }
    if (found.size() > seen.size()) {
      return Optional.of(again());
    }
    rig.restart();
    rig.service().answers(happened(probe, true));
    poll(rig);
    return rig.handled().size() > found.size() ? Optional.of(again()) : Optional.empty();
  }

  private static String again() {
    return "finds an event again under another id, so that it is handled twice. Make the id of what"
        + " the service calls it: new Event<>(task.id(), task).";
  }

  /** A look stores nothing, as a poll whose process ends. */
  private static List<JsonNode> look(Rig rig, Subscription made, Probe probe) {
    rig.service().answers(happened(probe, true));
    return rig.runtime().triggers().preview(rig.caller(), made.id(), EVENTS).stream()
        .map(Event::payload)
        .toList();
  }

  /** After a failure the next poll may take its time. */
  private static void poll(Rig rig) {
    int before = rig.service().requests().size();
    for (int tries = 0; tries < 3 && rig.service().requests().size() == before; tries++) {
      rig.clock().advance(LONG);
      rig.runtime().runDueTriggers();
    }
  }

  private static Optional<String> failure(Rig rig, Subscription made, String when) {
    Subscription now = rig.runtime().triggers().inspect(rig.caller(), made.id());
    return now.failures() == 0
        ? Optional.empty()
        : Optional.of("fails when it is " + when + ": " + now.lastError());
  }

  private static Function<PlayedRequest, PlayedAnswer> happened(Probe probe, boolean something) {
    return something
        ? new Turns(probe.answers(), Fill.FULL, Fill.LAST, probe.answers().given().size())
        : new Turns(probe.answers(), Fill.QUIET, Fill.LAST);
  }

  /** Answers all requests of a poll but the last one. */
  private static Function<PlayedRequest, PlayedAnswer> halfway(Probe probe, int requests) {
    Function<PlayedRequest, PlayedAnswer> good = happened(probe, true);
    AtomicInteger left = new AtomicInteger(requests - 1);
    return request ->
        left.getAndDecrement() > 0 ? good.apply(request) : PlayedAnswer.json(500, "{}");
  }
}
