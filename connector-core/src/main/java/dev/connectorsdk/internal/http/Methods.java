package dev.connectorsdk.internal.http;

/** What RFC 9110 section 9.2 says about methods. */
final class Methods {

  private Methods() {}

  static boolean isSafe(String method) {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }
}
