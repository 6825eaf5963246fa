package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;

/** A credential that is ready to be sent, and knows where in a request it belongs. */
@FunctionalInterface
interface Injection {

  /** Puts the credential into a request. */
  void into(AuthRequest request);

  /** Returns the injection of a header whose value was checked. */
  static Injection header(String name, String value) {
    return request -> request.setHeader(name, value);
  }

  /** Returns what authenticates by this credential for as long as the connection is unchanged. */
  default Authenticator unchanging() {
    return request -> {
      into(request);
      return 0;
    };
  }
}
