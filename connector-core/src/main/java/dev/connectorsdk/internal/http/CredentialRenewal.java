package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.AuthRequest.Reaction;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.internal.http.RequestCredential.Signed;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether an answer lets a request be sent again with another credential, or another proof
 * of the same. Each helps at most once. Belongs to one request.
 */
final class CredentialRenewal {

  private final BoundHttp http;
  private boolean renewed;
  private boolean completed;

  CredentialRenewal(BoundHttp http) {
    this.http = http;
  }

  /**
   * Returns whether to send the request again.
   *
   * @param sent what the answer is to; {@code null} if it had no credential
   */
  boolean helpsAfter(@Nullable Signed sent, BufferedResponse answer) {
    Authenticator authenticator = http.endpoint().authenticator();
    if (authenticator == null || sent == null) {
      return false;
    }
    Reaction reaction = sent.look() == null ? Reaction.USUAL : sent.look().apply(answer);
    if (answer.isSuccess()) {
      return http.endpoint().seesSuccess() && isRenewed(authenticator, sent, answer);
    }
    return switch (reaction) {
      case STANDS -> false;
      case REPEAT -> isFirstCompletion();
      case USUAL -> isRenewed(authenticator, sent, answer);
    };
  }

  private boolean isFirstCompletion() {
    boolean first = !completed;
    completed = true;
    return first;
  }

  private boolean isRenewed(Authenticator authenticator, Signed sent, BufferedResponse answer) {
    if (renewed || !refuses(authenticator, answer)) {
      return false;
    }
    renewed = true;
    return authenticator.renew(sent.version(), http.budget().deadline());
  }

  private static boolean refuses(Authenticator authenticator, BufferedResponse answer) {
    return RefusedCredential.isSaidBy(answer) || authenticator.isRefusal(answer);
  }
}
