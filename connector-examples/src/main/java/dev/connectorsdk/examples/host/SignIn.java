package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;

/**
 * How users sign in at a service, with whatever web framework the host has: one handler sends the
 * browser away, the other one meets it when it comes back.
 */
final class SignIn {

  private final ConnectorRuntime runtime;

  SignIn(ConnectorRuntime runtime) {
    this.runtime = runtime;
  }

  static ConnectorRuntime runtime(String clientId, Secret clientSecret, String site) {
    // tag::client[]
    var callback = URI.create("https://app.example/callback/helpdesk");
    var client = ClientRegistration.of(clientId, clientSecret).redirectingTo(callback);
    return ConnectorRuntime.builder()
        .provider(new Helpdesk())
        .addressPolicy(AddressPolicy.allowAll()) // for the test
        .client("helpdesk", "signIn", client.sentTo(site))
        .build();
    // end::client[]
  }

  // tag::sign-in[]
  /** GET /connect: returns where to redirect the browser. */
  URI connect(Caller user, String sessionId, String site) {
    var spec = ConnectionSpec.of("helpdesk", "signIn").with("site", site);
    return runtime.consents().begin(user, spec, sessionId).authorizationUrl();
  }

  /** GET /callback/helpdesk: {@code requested} is the URL of this request, query included. */
  Connection callback(Principal user, String sessionId, URI requested) {
    return runtime.consents().complete(user, requested, sessionId).connection();
  }
  // end::sign-in[]
}
