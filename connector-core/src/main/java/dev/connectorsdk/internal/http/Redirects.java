package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.error.ResponseException;
import java.util.List;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Which redirects are followed: a few of GET and HEAD, and those with 307 and 308 of any request on
 * the same origin (RFC 9110 sections 15.4.8 and 15.4.9) whose body can be sent again; none from
 * https to http. Where else they may lead is for others to say.
 */
public final class Redirects {

  private static final int MAX_REDIRECTS = 5;

  /** What a host needs to know that keeps a file: which part of it is asked for, and by whom. */
  private static final List<String> OF_FILES =
      List.of("Range", "If-Range", "Accept-Encoding", Transport.USER_AGENT);

  /** Marks requests that an answer has led to where the credential does not go. */
  private record Elsewhere() {}

  private Redirects() {}

  /** Returns whether an answer may be a redirect, going by its status. */
  static boolean isOne(int status) {
    return status >= 300 && status < 400;
  }

  /**
   * Returns where an answer redirects a request to, or {@code null} if it is not followed.
   *
   * @throws HostNotAllowedException if that is from https to http
   */
  static @Nullable HttpUrl target(Request from, int status, Headers headers) {
    boolean redirected =
        switch (status) {
          case 301, 302, 303 -> Methods.isWithoutBody(from.method());
          case 307, 308 -> true;
          default -> false;
        };
    String location = redirected ? headers.get("Location") : null;
    HttpUrl target = location == null ? null : from.url().resolve(location);
    if (target == null || !mayGo(from, target)) {
      return null;
    }
    if (from.url().isHttps() && !target.isHttps()) {
      throw HostNotAllowedException.afterHttps(Origins.of(target).toString());
    }
    return target;
  }

  /** Reading may go elsewhere; what changes something stays at its origin. */
  private static boolean mayGo(Request from, HttpUrl target) {
    return Methods.isWithoutBody(from.method())
        || (Origins.isOn(Origins.of(from.url()), target)
            && OneShotBody.canBeSentAgain(from.body()));
  }

  /**
   * Returns a request for a file that the service keeps elsewhere.
   *
   * @param from what was redirected, without a body
   */
  static Request forFile(Request from, HttpUrl place) {
    Request.Builder next = new Request.Builder().url(place).method(from.method(), null);
    for (String name : OF_FILES) {
      String value = from.header(name);
      if (value != null) {
        next.header(name, value);
      }
    }
    return marked(next, true).build();
  }

  /**
   * Marks a request.
   *
   * @param elsewhere whether an answer has led to where the credential does not go
   */
  static Request.Builder marked(Request.Builder next, boolean elsewhere) {
    return next.tag(Elsewhere.class, elsewhere ? new Elsewhere() : null);
  }

  /** Returns whether a request has gone to where the credential does not go. */
  public static boolean isElsewhere(Request sent) {
    return sent.tag(Elsewhere.class) != null;
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
