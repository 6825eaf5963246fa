package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint said; RFC 6749 sections 5.1 and 5.2, with the liberties that real endpoints take
 * and no others. Nothing of an answer is believed before all of it was checked, but for a refresh
 * token: the one that led to it may be spent.
 */
sealed interface TokenAnswer {

  /**
   * A success.
   *
   * @param accessToken {@code null} if the request was not for one
   * @param refreshToken {@code null} if there is none
   * @param expiresAt {@code null} if the endpoint did not say, or said something absurd
   * @param scopes empty if the endpoint did not say
   * @param named further tokens by name
   * @param captures what becomes connection parameters, by name
   * @param values what later requests can use, by name
   */
  record Granted(
      @Nullable Secret accessToken,
      @Nullable Secret refreshToken,
      @Nullable Instant expiresAt,
      List<String> scopes,
      Map<String, Secret> named,
      Map<String, String> captures,
      Map<String, Secret> values,
      @Nullable Secret idToken)
      implements TokenAnswer {}

  /**
   * A refusal.
   *
   * @param code as {@link ErrorCodes#meant} returns it
   * @param said the server's own words, its code among them if that is another one; they can echo
   *     anything. {@code null} if there are none
   */
  record Refused(String code, @Nullable Secret said) implements TokenAnswer {}

  /**
   * A token that cannot be used as the scheme wants.
   *
   * @param problem why, without anything of the answer that could be a secret
   * @param refreshToken that it nevertheless brought, or {@code null}
   */
  record Unsuitable(String problem, @Nullable Secret refreshToken) implements TokenAnswer {}

  /**
   * No token answer at all.
   *
   * @param problem what is wrong, without anything of the answer
   * @param refreshToken that it nevertheless brought, or {@code null}
   */
  record Unreadable(String problem, @Nullable Secret refreshToken) implements TokenAnswer {}
}
