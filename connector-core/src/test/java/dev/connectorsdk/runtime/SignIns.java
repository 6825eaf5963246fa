package dev.connectorsdk.runtime;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import java.net.URI;
import java.util.Objects;
import okhttp3.HttpUrl;

/** What users and their browsers do in a sign-in, at a service that asks them nothing. */
public final class SignIns {

  private SignIns() {}

  /** Signs a user in; the service gives out the code. */
  public static Connection signIn(
      ConnectorRuntime runtime, Caller caller, ConnectionSpec spec, String code) {
    URI redirectUri = URI.create("https://app.test/callback/" + spec.connector());
    PendingConsent pending =
        runtime
            .consents()
            .begin(caller, spec, "session", ConsentOptions.standard().redirectUri(redirectUri));
    URI callback = callback(redirectUri, pending, "code=" + code);
    return runtime.consents().complete(caller.principal(), callback, "session").connection();
  }

  /** Returns where a browser comes back to, with the state of the link and what else is there. */
  public static URI callback(URI redirectUri, PendingConsent pending, String query) {
    return URI.create(redirectUri + "?state=" + state(pending) + "&" + query);
  }

  /** Returns the state that is in the link. */
  public static String state(PendingConsent pending) {
    HttpUrl link = HttpUrl.get(pending.authorizationUrl());
    return Objects.requireNonNull(link.queryParameter("state"), "The link has no state");
  }
}
