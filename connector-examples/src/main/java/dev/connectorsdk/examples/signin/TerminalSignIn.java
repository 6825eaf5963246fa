package dev.connectorsdk.examples.signin;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingDeviceConsent;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.PrintStream;
import java.time.Duration;

/** Sign-ins of a command line: with a browser here, or on another device. */
public final class TerminalSignIn {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private TerminalSignIn() {}

  /** Prints a link, and waits for the browser to come back to this machine. */
  public static Connection withBrowser(ConnectorRuntime runtime, Caller user, PrintStream out)
      throws InterruptedException {
    var spec = ConnectionSpec.of("tickets", "signIn");
    var usual = ConsentOptions.standard();
    return runtime
        .consents()
        .signInHere(user, spec, usual, PATIENCE, link -> out.println("Open " + link))
        .connection();
  }

  /** Prints a code, and waits until it was entered somewhere. */
  public static Connection onAnotherDevice(ConnectorRuntime runtime, Caller user, PrintStream out)
      throws InterruptedException {
    var spec = ConnectionSpec.of("tickets", "device");
    PendingDeviceConsent pending = runtime.consents().beginDevice(user, spec);
    out.println("Open " + pending.verificationUri() + " and enter " + pending.userCode());
    return pending.await().connection();
  }
}
