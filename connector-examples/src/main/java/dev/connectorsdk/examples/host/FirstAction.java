package dev.connectorsdk.examples.host;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.examples.helpdesk.Helpdesk;
import dev.connectorsdk.examples.helpdesk.Helpdesk.NewTicket;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Priority;
import dev.connectorsdk.examples.helpdesk.Helpdesk.Ticket;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.runtime.ConnectorRuntime;

/** A host's first action: from nothing to a result. */
final class FirstAction {

  private FirstAction() {}

  static Ticket openTicket(String site, String apiKey) {
    // tag::first-action[]
    var builder = ConnectorRuntime.builder().provider(new Helpdesk());
    builder.addressPolicy(AddressPolicy.allowAll()); // for the test
    try (var runtime = builder.build()) {
      Caller ada = Principal.user("ada").in("dev");
      var spec = ConnectionSpec.of("helpdesk", "apiKey").with("site", site);
      runtime.connections().create(ada, spec.secret("api_key", Secret.of(apiKey)));

      var helpdesk = ConnectionReference.invoker("my-helpdesk", "helpdesk");
      var ticket = new NewTicket("The printer is on fire", Priority.HIGH);
      return runtime.invoke(ada, helpdesk, Helpdesk.OPEN_TICKET, ticket);
    }
    // end::first-action[]
  }
}
