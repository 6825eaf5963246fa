package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.CompletedConsent;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Lets the person sign in: with a browser that comes back to this machine, or on another device.
 */
final class SignIn {

  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private SignIn() {}

  /** Returns the connection that came of it, and says on {@code err} what to do meanwhile. */
  static Connection run(
      ConnectorRuntime runtime, AuthOption option, ConnectionSpec spec, PrintStream err) {
    try {
      CompletedConsent done =
          option.scheme() instanceof OAuth2Scheme oauth && oauth.deviceAuthorization() != null
              ? elsewhere(runtime.consents().beginDevice(Home.me(), spec), err)
              : here(runtime, spec, err);
      if (!done.missingScopes().isEmpty()) {
        err.println("Not granted: " + Terminal.oneLine(String.join(" ", done.missingScopes())));
      }
      return done.connection();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FailedException("interrupted while waiting for the sign-in");
    }
  }

  private static CompletedConsent here(
      ConnectorRuntime runtime, ConnectionSpec spec, PrintStream err) throws InterruptedException {
    return runtime
        .consents()
        .signInHere(
            Home.me(),
            spec,
            ConsentOptions.standard(),
            PATIENCE,
            link -> {
              err.println("Open this address in a browser on this machine and sign in:");
              err.println(link);
            });
  }

  private static CompletedConsent elsewhere(PendingDeviceConsent pending, PrintStream err)
      throws InterruptedException {
    err.println(
        "Open " + pending.verificationUri() + " on any device and enter " + pending.userCode());
    return pending.await();
  }
}
