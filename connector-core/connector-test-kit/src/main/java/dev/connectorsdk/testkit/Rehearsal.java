package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.testkit.SampleJson.Fill;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Runs an operation at a service without faults, to learn what it sends and how it reads. */
final class Rehearsal {

  /** What a new answer makes the code read next, and so on. */
  private static final int MOST_PASSES = 6;

  private static final int LONGEST_SHOWN = 300;

  private final ContractSubject subject;
  private final AdaptedConnector connector;

  /** Either may be missing. */
  record Result(@Nullable Probe probe, @Nullable String fault, boolean isUnsupported) {

    Result(@Nullable Probe probe, @Nullable String fault) {
      this(probe, fault, false);
    }
  }

  Rehearsal(ContractSubject subject, AdaptedConnector connector) {
    this.subject = subject;
    this.connector = connector;
  }

  Result of(Action<?, ?> action, String operation, String place) {
    for (String given : subject.answersOf(operation)) {
      String problem = LearntAnswers.problem(given);
      if (problem != null) {
        return new Result(null, place + ": an answer " + problem + ".");
      }
    }
    Result watched = of(action, operation, place, true);
    // Some code works with the context of a runtime alone.
    return watched.isUnsupported() ? of(action, operation, place, false) : watched;
  }

  private Result of(Action<?, ?> action, String operation, String place, boolean isWatched) {
    LearntAnswers answers =
        new LearntAnswers(subject.answersOf(operation), usual(action, operation));
    Outcome outcome = Outcome.endless();
    List<PlayedRequest> sent = List.of();
    Object input = null;
    int known = -1;
    for (int pass = 0; pass < MOST_PASSES && answers.learnt() > known; pass++) {
      known = answers.learnt();
      WatchedRig watched = new WatchedRig(action, answers, isWatched);
      try (Rig rig = watched.rig) {
        input = input(action, operation, rig);
        rig.service().answers(new Turns(answers, Fill.FULL, Fill.LAST));
        outcome = rig.run(probe(action, place, input, answers, List.of(), null));
        sent = rig.service().requests();
      }
    }
    if (outcome.output() == null || input == null) {
      return new Result(
          null,
          fault(place, operation, input, outcome, sent),
          outcome.failure() instanceof OperationUnsupportedException);
    }
    return new Result(probe(action, place, input, answers, sent, outcome.output()), null);
  }

  /** A rig whose connector has the one action, watched. */
  private final class WatchedRig {

    final Rig rig;
    private @Nullable WatchedCalls watching;

    WatchedRig(Action<?, ?> action, LearntAnswers answers, boolean isWatched) {
      List<Action<?, ?>> one = new ArrayList<>();
      one.add(
          isWatched
              ? SyntheticActions.watched(
                  action, context -> watching == null ? context : watching.watch(context))
              : action);
      rig =
          new Rig(
              subject,
              new AdaptedConnector(connector, one, connector.triggers(), Optional.empty()));
      watching = new WatchedCalls(answers, rig.service(), rig::runtime);
    }
  }

  private @Nullable JsonNode usual(Action<?, ?> action, String operation) {
    Trigger<?, ?> trigger =
        action.id().equals(operation) ? null : connector.trigger(operation).orElse(null);
    Shape<?> shape = trigger == null ? action.output() : trigger.event();
    JsonNode schema = shape.givenSchema();
    return schema != null && schema.at("/properties/statusCode").isObject()
        ? bodyOf(schema)
        : schema;
  }

  /** Operations of definitions return the answer with its status. */
  private static JsonNode bodyOf(JsonNode answer) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (answer.at("/properties/body") instanceof ObjectNode declared) {
      body.setAll(declared);
    }
    body.set("$defs", answer.path("$defs"));
    return body;
  }

  private Object input(Action<?, ?> action, String operation, Rig rig) {
    Object given = subject.sampleOf(operation);
    return given == null
        ? SampleJson.of(rig.runtime().schema(action.input()), Fill.REQUIRED)
        : given;
  }

  private static Probe probe(
      Action<?, ?> action,
      String place,
      Object input,
      LearntAnswers answers,
      List<PlayedRequest> sent,
      @Nullable JsonNode output) {
    return new Probe(
        action.id(),
        place,
        action.effect(),
        action.idempotencyHeader().isPresent(),
        input,
        answers,
        sent,
        output,
        answers.isPagedByLibrary() || asksTwice(sent));
  }

  private static boolean asksTwice(List<PlayedRequest> sent) {
    Set<String> keys = new HashSet<>();
    return sent.stream().anyMatch(request -> request.isSafe() && !keys.add(request.key()));
  }

  private static String fault(
      String place,
      String operation,
      @Nullable Object input,
      Outcome outcome,
      List<PlayedRequest> sent) {
    String remedy =
        sent.isEmpty()
            ? "Give an input that it takes: sample(\"" + operation + "\", ...)."
            : "If it reads what is made up wrongly, give what the service answers: answers(\""
                + operation
                + "\", \"...\").";
    String shown = String.valueOf(input);
    return place
        + " fails with the sample "
        + shown.substring(0, Math.min(LONGEST_SHOWN, shown.length()))
        + ": "
        + outcome.inWords()
        + " "
        + remedy;
  }
}
