package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;

/** What RFC 9110 says about methods. */
final class Methods {

  private Methods() {}

  /** Returns whether a method asks for nothing but an answer, RFC 9110 section 9.2.1. */
  static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /** Returns whether requests with a method have no body. */
  static boolean isWithoutBody(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  /**
   * Checks that a request can have a method: that it is a token, RFC 9110 section 5.6.2, and none
   * that opens a tunnel or has the service send credentials back, sections 9.3.6 and 9.3.8.
   *
   * @throws InvalidInputException if it cannot
   */
  static void requireSendable(String method) {
    if (method.isEmpty()) {
      throw fault("is empty");
    }
    int bad = HeaderRules.firstOutsideToken(method);
    if (bad >= 0) {
      throw fault("has a character at position " + (bad + 1) + " that is not allowed");
    }
    // Some servers read methods without regard to case.
    if (method.equalsIgnoreCase("TRACE")) {
      throw fault("must not be TRACE, which has the service send credentials back");
    }
    if (method.equalsIgnoreCase("CONNECT")) {
      throw fault("must not be CONNECT, which opens a tunnel");
    }
  }

  private static InvalidInputException fault(String problem) {
    return new InvalidInputException("a request", "(method)", problem);
  }
}
