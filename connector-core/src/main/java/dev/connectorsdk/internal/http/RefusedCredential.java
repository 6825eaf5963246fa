package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What every service means by an answer that refuses a credential. */
public final class RefusedCredential {

  private RefusedCredential() {}

  /** Returns whether an answer is one; RFC 9110 section 15.5.2, RFC 6750 section 3.1. */
  public static boolean isSaidBy(HttpResponse answer) {
    return isSaidBy(answer.status(), answer.header("WWW-Authenticate"));
  }

  /**
   * Returns whether an answer is one.
   *
   * @param challenge its header {@code WWW-Authenticate}, or {@code null} if it has none
   */
  public static boolean isSaidBy(int status, @Nullable String challenge) {
    return status == 401
        || (status == 403 && challenge != null && challenge.contains("invalid_token"));
  }
}
