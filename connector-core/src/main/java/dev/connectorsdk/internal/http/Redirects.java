package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.ResponseException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Which redirects are followed: a few of GET and HEAD. Where they may lead is for others to say.
 */
final class Redirects {

  private static final int MAX_REDIRECTS = 5;

  private Redirects() {}

  /** Returns where an answer redirects a request to, or {@code null} if it is not followed. */
  static @Nullable HttpUrl target(Request from, int status, Headers headers) {
    boolean redirected =
        switch (status) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    String location =
        redirected && Methods.isWithoutBody(from.method()) ? headers.get("Location") : null;
    return location == null ? null : from.url().resolve(location);
  }

  /**
   * Checks that another redirect may be followed.
   *
   * @param redirects how many were followed before
   */
  static void requireFew(int redirects, BoundHttp http, Request request) {
    if (redirects == MAX_REDIRECTS) {
      throw new ResponseException(
          http.label(request) + " was redirected more than " + MAX_REDIRECTS + " times");
    }
  }
}
