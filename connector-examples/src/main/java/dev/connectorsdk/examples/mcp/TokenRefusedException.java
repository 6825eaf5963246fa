package dev.connectorsdk.examples.mcp;

import org.jspecify.annotations.Nullable;

/** A token that may not be used. */
public final class TokenRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  private final @Nullable String scope;

  private TokenRefusedException(String message, @Nullable String scope) {
    super(message);
    this.scope = scope;
  }

  /** Returns the refusal of a token that is not valid here. */
  public static TokenRefusedException invalid() {
    return new TokenRefusedException("The token is not valid here. Get another one.", null);
  }

  /** Returns the refusal of a token that lacks a scope. */
  public static TokenRefusedException lacking(String scope) {
    return new TokenRefusedException("The token lacks the scope '" + scope + "'.", scope);
  }

  /** Returns the scope that is missing, or {@code null} if that is not the reason. */
  public @Nullable String scope() {
    return scope;
  }
}
