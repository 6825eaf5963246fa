package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Environment;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Hosts that serve tools to agents, and one that uses the tools of others. */
final class Agents {

  private Agents() {}

  // tag::agent-tools[]
  static Tools serve(ConnectorRuntime runtime, Principal host, Principal users, SignInLinks pages) {
    Flow agent = Flow.of("desk-agent", host).runnableBy(users);
    return Tools.of(runtime, Environment.of("prod"), agent)
        .choosing(ActionFilter.all().connectors("desk").effects(Effect.READ, Effect.WRITE))
        .signIns(pages)
        .build();
  }

  // end::agent-tools[]

  // tag::agent-http[]
  static ToolServlet overHttp(Tools tools, URI address, URI keys) {
    OAuthTokens tokens = OAuthTokens.of(address, "https://id.example", keys).requiring("tools");
    return ToolServlet.of(tools, address, tokens);
  }

  // end::agent-http[]

  // tag::agent-remote[]
  static Connector remote(ConnectorRuntime runtime, McpConnector server, Caller ada) {
    ConnectionReference notes = ConnectionReference.invoker("my-notes", "notes");
    JsonNode tools = runtime.invoke(ada, notes, McpConnector.LIST_TOOLS, Map.of());
    return server.with(tools); // for the next runtime, with an action for each tool
  }
  // end::agent-remote[]
}
