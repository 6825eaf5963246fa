package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpResponse;

/** What every service means by an answer that refuses a credential. */
public final class RefusedCredential {

  private RefusedCredential() {}

  /** Returns whether an answer is one; RFC 9110 section 15.5.2, RFC 6750 section 3.1. */
  public static boolean isSaidBy(HttpResponse answer) {
    if (answer.status() == 401) {
      return true;
    }
    String challenge = answer.status() == 403 ? answer.header("WWW-Authenticate") : null;
    return challenge != null && challenge.contains("invalid_token");
  }
}
