package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.auth.OAuth2Scheme.Renewal;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.error.AuthenticationException.Reason;
import dev.connectorsdk.auth.StepFailure.Kind;
import org.jspecify.annotations.Nullable;

/**
 * How a connection gets from the tokens that it has to the next ones, without a person. Keeps no
 * state and stores nothing.
 */
interface TokenStep {

  /** Returns whether {@link #next} can lead from these tokens to newer ones. */
  boolean canRenew(TokenSet current);

  /** Returns whether these tokens are for what the connection is to get tokens for now. */
  default boolean isFor(TokenSet current) {
    return true;
  }

  /**
   * Gets the next tokens.
   *
   * @param current {@code null} if there are none yet
   * @param progress hears how far it has come
   * @throws StepFailure if none came of it; of kind {@code GRANT_ENDED} only if these very tokens
   *     cannot be renewed any more
   * @throws AuthenticationException if there is nothing to ask with: nobody has signed in, there is
   *     no refresh token, no client
   */
  TokenSet next(@Nullable TokenSet current, Progress progress);

  /** Has a say in a step on its way. */
  interface Progress {

    /**
     * Is called right before each request that can spend what the step began with.
     *
     * @throws StepFailure of kind {@code SUPERSEDED} if it must not be sent
     */
    void sending();

    /**
     * Takes the present tokens with a new refresh token, if there is one before the step has come
     * to its end. The old one may be spent by then, so this is to be stored before anything else
     * can fail.
     */
    void rotated(TokenSet tokens);
  }

  static TokenStep of(OAuth2Scheme scheme, AuthContext context, TokenEndpoint.Common common) {
    TokenEndpoint endpoint = new TokenEndpoint(scheme, context, common);
    return scheme.needsConsent()
        ? new AfterSignIn(scheme.renewal(), context, endpoint)
        : new Acquire(scheme.renewal(), endpoint);
  }

  /** Grants without a person: the same again, unless the scheme knows a shorter way. */
  record Acquire(Renewal renewal, TokenEndpoint endpoint) implements TokenStep {

    @Override
    public boolean canRenew(TokenSet current) {
      return renewal != Renewal.NEVER;
    }

    @Override
    public boolean isFor(TokenSet current) {
      String terms = current.binding().terms();
      return terms == null || terms.equals(endpoint.terms());
    }

    @Override
    public TokenSet next(@Nullable TokenSet current, Progress progress) {
      boolean shorter =
          current != null
              && isFor(current)
              && (renewal == Renewal.REFRESH_TOKEN
                  ? current.refreshToken() != null
                  : renewal == Renewal.ACCESS_TOKEN);
      if (shorter && current != null) {
        try {
          return endpoint.renewed(current, progress);
        } catch (StepFailure e) {
          if (e.kind() != Kind.GRANT_ENDED) {
            throw e;
          }
        }
      }
      TokenSet tokens = endpoint.again(current, progress);
      return renewal == Renewal.RUN_AGAIN ? tokens.withoutRefreshToken() : tokens;
    }
  }

  /** Grants of a person: what the service gave to renew them with, if anything. */
  record AfterSignIn(Renewal renewal, AuthContext context, TokenEndpoint endpoint)
      implements TokenStep {

    @Override
    public boolean canRenew(TokenSet current) {
      return switch (renewal) {
        case REFRESH_TOKEN -> current.refreshToken() != null;
        case ACCESS_TOKEN -> true;
        case RUN_AGAIN, NEVER -> false;
      };
    }

    @Override
    public TokenSet next(@Nullable TokenSet current, Progress progress) {
      if (current == null) {
        throw new AuthenticationException(
            context.connection(), Reason.CONSENT_PENDING, "nobody has signed in yet");
      }
      if (!canRenew(current)) {
        throw new AuthenticationException(
            context.connection(),
            Reason.EXPIRED,
            "the token has expired, and the service gave nothing to renew it with");
      }
      return endpoint.renewed(current, progress);
    }
  }
}
