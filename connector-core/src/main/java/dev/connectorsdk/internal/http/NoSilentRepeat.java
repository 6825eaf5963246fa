package dev.connectorsdk.internal.http;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Keeps OkHttp from repeating a request by itself when a service answers 503 with {@code
 * Retry-After: 0}, which it does even if repeating is switched off.
 *
 * <p>As a network interceptor it writes the number in a form that OkHttp does not read and {@link
 * RetryAfter} does.
 */
final class NoSilentRepeat implements Interceptor {

  @Override
  public Response intercept(Chain chain) throws IOException {
    Response response = chain.proceed(chain.request());
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
