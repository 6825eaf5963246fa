package dev.connectorsdk.testkit;

import dev.connectorsdk.testkit.SampleJson.Fill;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** Answers the first request of a kind in one way, and those like it in another. */
final class Turns implements Function<PlayedRequest, PlayedAnswer> {

  private final LearntAnswers answers;
  private final Fill first;
  private final Fill further;
  private final Map<String, Integer> asked = new HashMap<>();
  private int all;

  Turns(LearntAnswers answers, Fill first, Fill further) {
    this(answers, first, further, 0);
  }

  /**
   * Begins with a later one of the author's answers.
   *
   * @param begin which of them, counted from 0; the last one if there are fewer
   */
  Turns(LearntAnswers answers, Fill first, Fill further, int begin) {
    this.all = begin;
    this.answers = answers;
    this.first = first;
    this.further = further;
  }

  @Override
  public synchronized PlayedAnswer apply(PlayedRequest request) {
    answers.asked(request.key());
    int before = asked.merge(request.key(), 1, Integer::sum) - 1;
    return answers.answer(request, before == 0 ? first : further, all++);
  }
}
