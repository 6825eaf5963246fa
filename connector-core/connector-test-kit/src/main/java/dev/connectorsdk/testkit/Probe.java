package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Effect;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An operation that the contract can run, and how it went when nothing was wrong.
 *
 * @param actionId by which the rig runs it: an action, or a trigger's code as one
 * @param place what it is called in reports
 * @param isRepeatable whether the service recognises a repetition, or it makes no difference
 * @param requests what it sent
 * @param output what it returned
 * @param isPaging whether it asked for a second page
 */
record Probe(
    String actionId,
    String place,
    Effect effect,
    boolean isRepeatable,
    Object input,
    LearntAnswers answers,
    List<PlayedRequest> requests,
    @Nullable JsonNode output,
    boolean isPaging) {

  /** Answers as a service without faults does. */
  Function<PlayedRequest, PlayedAnswer> goodService() {
    return new Turns(answers, SampleJson.Fill.FULL, SampleJson.Fill.LAST);
  }

  /** Answers as in {@link #goodService}, but for the first request of those that count. */
  Function<PlayedRequest, PlayedAnswer> firstAnswered(PlayedAnswer first) {
    Function<PlayedRequest, PlayedAnswer> then = goodService();
    boolean[] used = new boolean[1];
    return request -> {
      synchronized (used) {
        if (!used[0]) {
          used[0] = true;
          return first;
        }
      }
      return then.apply(request);
    };
  }

  /** Returns what the service answers well to a request. */
  String goodBody() {
    return answers.given().isEmpty() ? "{\"sample\": \"sample\"}" : answers.given().get(0);
  }
}
