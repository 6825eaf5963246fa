package dev.connectorsdk.examples.demo;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;

/** The connections that the people of the console's demo have: most of them work. */
final class DemoConnections {

  private final ConnectorRuntime runtime;
  private final DemoService service;
  private final String environment;

  DemoConnections(ConnectorRuntime runtime, DemoService service, String environment) {
    this.runtime = runtime;
    this.service = service;
    this.environment = environment;
  }

  void make() {
    Caller ada = Principal.user("ada").in(environment);
    Connection team =
        create(
            ada, helpdesk("apiKey", "Team desk").secret("api_key", Secret.of(DemoService.API_KEY)));
    create(ada, helpdesk("bearer", "My desk").secret("token", Secret.of("a-token-that-has-ended")));
    create(
        ada,
        ConnectionSpec.of("rooms", "apiKey")
            .named("The house")
            .secret("api_key", Secret.of(DemoService.ROOMS_KEY)));
    Caller ben = Principal.user("ben").in(environment);
    Connection bens =
        create(
            ben,
            helpdesk("basic", "Ben's desk")
                .with("username", "ben")
                .secret("password", Secret.of(DemoService.PASSWORD)));
    runtime.connections().grant(ben, bens.id(), Principal.user("ada"), Right.MANAGE);
    runtime.connections().grant(ada, team.id(), Principal.user("ben"), Right.USE);
  }

  private Connection create(Caller caller, ConnectionSpec spec) {
    return runtime.connections().create(caller, spec);
  }

  private ConnectionSpec helpdesk(String option, String name) {
    return ConnectionSpec.of("helpdesk", option)
        .with("site", service.site(environment))
        .named(name);
  }
}
