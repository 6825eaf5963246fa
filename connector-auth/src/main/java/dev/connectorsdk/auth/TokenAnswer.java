package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint said; RFC 6749 sections 5.1 and 5.2, with the liberties that real endpoints
 * take and no others. Nothing of an answer is believed before all of it was checked.
 */
sealed interface TokenAnswer {

  /**
   * A token.
   *
   * @param refreshToken {@code null} if there is none
   * @param life {@code null} if the endpoint did not say, or said something absurd
   * @param scopes empty if the endpoint did not say
   */
  record Granted(
      Secret accessToken,
      @Nullable Secret refreshToken,
      @Nullable Duration life,
      List<String> scopes)
      implements TokenAnswer {}

  /**
   * A refusal.
   *
   * @param code as {@link ErrorCodes#printable} returns it
   */
  record Refused(String code) implements TokenAnswer {}

  /**
   * A token that cannot be used as a bearer token.
   *
   * @param problem why, without anything of the answer
   */
  record Unsuitable(String problem) implements TokenAnswer {}

  /**
   * No token answer at all.
   *
   * @param problem what is wrong, without anything of the answer
   */
  record Unreadable(String problem) implements TokenAnswer {}
}
