package dev.connectorsdk.auth;

/** Decides where in a request the tokens of a connection belong. */
@FunctionalInterface
interface Injector {

  /** Sends the access token as RFC 6750 section 2.1 says. */
  Injector BEARER =
      tokens -> Injection.header("Authorization", "Bearer " + tokens.accessToken().reveal());

  /** Prepares all that can be prepared once for each token set. */
  Injection prepare(TokenSet tokens);
}
