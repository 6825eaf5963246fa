package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import java.io.IOException;

/** A service has sent more than an answer may have. The connection is of no further use. */
final class AnswerTooLarge extends IOException {

  private static final long serialVersionUID = 1L;

  private final String problem;

  private AnswerTooLarge(String problem) {
    super(problem);
    this.problem = problem;
  }

  /** Returns what callers get to know. */
  ResponseException failure() {
    return new ResponseException(problem);
  }

  static AnswerTooLarge ofBody(long limit) {
    return new AnswerTooLarge("The answer is larger than the limit of " + limit + " bytes");
  }

  static AnswerTooLarge ofHead() {
    return new AnswerTooLarge("The answer has more headers than the limits for these allow");
  }

  static AnswerTooLarge ofFraming() {
    return new AnswerTooLarge("The service sends more than an answer needs around its body");
  }
}
