package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.examples.dryrun.DryNetwork;
import dev.connectorsdk.examples.dryrun.UntestedConnector;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.runtime.RuntimeBuilder;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import tools.jackson.databind.JsonNode;

/** Runs a call up to the point where it would leave the machine, and tells what would have left. */
final class DryRun {

  private static final String SESSION = "dry-run";
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]*)");

  private final Connector connector;
  private final String operation;
  private final JsonNode input;

  DryRun(Connector connector, String operation, JsonNode input) {
    this.connector = new UntestedConnector(connector);
    this.operation = operation;
    this.input = input;
  }

  /** Returns the request of a call with what somebody gave for a connection. */
  Request with(ConnectionForm form, ClientRegistration client) {
    DryNetwork network = new DryNetwork(form.option().scheme().endpoints());
    RuntimeBuilder builder =
        Home.builder()
            .connector(connector)
            .client(connector.id().value(), form.option().id(), form.sentToOwnEndpoints(client));
    try (ConnectorRuntime runtime = runtime(builder, network)) {
      ConnectionSpec spec = form.spec().untested();
      if (form.option().scheme().needsConsent()) {
        URI redirect = URI.create("http://127.0.0.1/callback/" + connector.id());
        PendingConsent pending =
            runtime
                .consents()
                .begin(Home.me(), spec, SESSION, ConsentOptions.standard().redirectUri(redirect));
        Matcher state = STATE.matcher(pending.authorizationUrl().toString());
        String value = state.find() ? state.group(1) : "";
        URI callback = URI.create(redirect + "?code=dry-run&state=" + value);
        runtime.consents().complete(Home.me().principal(), callback, SESSION);
      } else {
        runtime.connections().create(Home.me(), spec);
      }
      return request(runtime, network);
    }
  }

  /** Returns the request of a call on a stored connection, of which a copy is used. */
  Request with(Home home, Connection connection) {
    List<String> endpoints =
        connector.authOption(connection.authOption()).orElseThrow().scheme().endpoints();
    DryNetwork network = new DryNetwork(endpoints);
    try (ConnectorRuntime runtime = runtime(home.copy(connector, connection), network)) {
      return request(runtime, network);
    }
  }

  private static ConnectorRuntime runtime(RuntimeBuilder builder, DryNetwork network) {
    OkHttpClient client = new OkHttpClient.Builder().addInterceptor(network).build();
    return builder.httpClient(client).limits(HttpLimits.standard().withMaxAttempts(1)).build();
  }

  private Request request(ConnectorRuntime runtime, DryNetwork network) {
    ConnectionReference reference = ConnectionReference.invoker("dry-run", connector.id().value());
    network.begin();
    try {
      runtime.invoke(Home.me(), reference, operation, input);
    } catch (ConnectorException e) {
      if (network.request() == null) {
        throw e;
      }
    }
    Request request = network.request();
    if (request == null) {
      throw new FailedException("operation '" + operation + "' sends no request");
    }
    return request;
  }

  /** Returns a client that stands for the one that the person has not named. */
  static ClientRegistration anyClient() {
    return ClientRegistration.of("not-given", Secret.of("not-given-client-secret"));
  }
}
