package dev.connectorsdk.internal.http;

import okhttp3.Response;

/**
 * Keeps OkHttp from repeating a request by itself when a service answers 503 with {@code
 * Retry-After: 0}, which it does even if repeating is switched off.
 *
 * <p>The number is written in a form that OkHttp does not read and {@link RetryAfter} does.
 */
final class NoSilentRepeat {

  private NoSilentRepeat() {}

  /** Returns the answer in a form that OkHttp does not repeat its request for. */
  static Response of(Response response) {
    if (response.code() != 503) {
      return response;
    }
    String pause = response.header("Retry-After");
    if (pause == null || !pause.chars().allMatch(c -> c == '0')) {
      return response;
    }
    return response.newBuilder().header("Retry-After", "+0").build();
  }
}
