package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.OAuth2Scheme;
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
  boolean leadsOnFrom(TokenSet current);

  /**
   * Gets the next tokens.
   *
   * @param current {@code null} if there are none yet
   * @throws StepFailure if none came of it; of kind {@code GRANT_ENDED} only if these very tokens
   *     cannot be renewed any more
   * @throws AuthenticationException if there is nothing to ask with: nobody has signed in, there is
   *     no refresh token, no client
   */
  TokenSet next(@Nullable TokenSet current);

  static TokenStep of(OAuth2Scheme scheme, AuthContext context) {
    TokenEndpoint endpoint = new TokenEndpoint(scheme, context);
    return switch (scheme.grant()) {
      case CLIENT_CREDENTIALS -> new RunGrantAgain(scheme, endpoint);
      case AUTHORIZATION_CODE -> new Refresh(context, endpoint);
    };
  }

  /** Client credentials: the same request again, whatever there was before. */
  record RunGrantAgain(OAuth2Scheme scheme, TokenEndpoint endpoint) implements TokenStep {

    @Override
    public boolean leadsOnFrom(TokenSet current) {
      return true;
    }

    @Override
    public TokenSet next(@Nullable TokenSet current) {
      TokenMessage message = TokenMessage.clientCredentials(scheme.scopes());
      return endpoint.ask(message, Kind.MISCONFIGURED).withoutRefreshToken();
    }
  }

  /** Authorization code: the refresh token, if the service gave one. */
  record Refresh(AuthContext context, TokenEndpoint endpoint) implements TokenStep {

    @Override
    public boolean leadsOnFrom(TokenSet current) {
      return current.refreshToken() != null;
    }

    @Override
    public TokenSet next(@Nullable TokenSet current) {
      if (current == null) {
        throw new AuthenticationException(
            context.connection(), Reason.CONSENT_PENDING, "nobody has signed in yet");
      }
      Secret refreshToken = current.refreshToken();
      if (refreshToken == null) {
        throw new AuthenticationException(
            context.connection(),
            Reason.EXPIRED,
            "the token has expired, and the service gave nothing to renew it with");
      }
      TokenMessage message = TokenMessage.refresh(refreshToken);
      return endpoint.ask(message, Kind.GRANT_ENDED).completedFrom(current);
    }
  }
}
