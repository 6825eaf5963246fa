package dev.connectorsdk.auth;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.AuthContext;
import dev.connectorsdk.api.auth.ConsentStrategy.ConsentResult;
import dev.connectorsdk.api.auth.CredentialVault;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.ConflictException;
import dev.connectorsdk.api.error.ConsentException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is done once somebody has signed in: who it was is checked, then the tokens are stored.
 *
 * @param endpoint asked by the client of the sign-in
 */
record SignedIn(OAuth2Scheme scheme, AuthContext context, TokenEndpoint endpoint) {

  static final String OPEN_ID = "openid";

  private static final String ASKED = "asked_scope";

  /** How often others may store something while the result of a sign-in is stored. */
  private static final int MOST_ATTEMPTS_TO_STORE = 10;

  /** Returns what the end of a sign-in has to know of its beginning. */
  static Map<String, Secret> memo(List<String> asked) {
    return asked.isEmpty() ? Map.of() : Map.of(ASKED, Secret.of(String.join(" ", asked)));
  }

  /** Returns the scopes that a sign-in asked for. */
  static List<String> asked(Map<String, Secret> memo) {
    Secret asked = memo.get(ASKED);
    return asked == null ? List.of() : List.of(asked.reveal().split(" "));
  }

  /**
   * Keeps what a sign-in brought.
   *
   * @param openId whether the sign-in asked who the user is
   * @param nonce that it began with, or {@code null}
   * @throws ConsentException if what says who signed in cannot be believed; then nothing is kept
   */
  ConsentResult keep(TokenSet tokens, boolean openId, @Nullable Secret nonce) {
    Secret idToken = openId ? tokens.beside().idToken() : null;
    IdToken identity = idToken == null ? null : identity(idToken, tokens, nonce);
    store(tokens);
    context.capture(tokens.beside().captured());
    return identity == null
        ? new ConsentResult(null, null, tokens.scopes())
        : new ConsentResult(identity.account(), identity.issuer(), tokens.scopes());
  }

  private @Nullable IdToken identity(Secret idToken, TokenSet tokens, @Nullable Secret nonce) {
    return IdToken.read(
        idToken,
        OAuthClient.of(scheme, context, tokens.client()).id(),
        endpoint.issuer(),
        nonce,
        context.clock().instant());
  }

  /** A sign-in replaces what was there, the refresh token included: it may be another account. */
  private void store(TokenSet tokens) {
    CredentialVault vault = context.vault();
    for (int attempt = 0; attempt < MOST_ATTEMPTS_TO_STORE; attempt++) {
      if (vault.replace(vault.read().version(), tokens.toValues())) {
        return;
      }
    }
    throw new ConflictException(
        "The stored credential of connection '" + context.connection() + "'");
  }

  /** Returns that a service has forgotten a client that was registered for the sign-in. */
  static ConsentException clientIsGone() {
    return new ConsentException(
        ConsentException.Reason.PROVIDER_ERROR,
        "The service does not take the client any more that was registered for this sign-in;"
            + " the next one registers another");
  }
}
