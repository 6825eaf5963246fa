package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.examples.dryrun.DryNetwork;
import dev.connectorsdk.examples.dryrun.Mask;
import dev.connectorsdk.examples.dryrun.ShownRequest;
import dev.connectorsdk.examples.dryrun.UntestedConnector;
import dev.connectorsdk.http.AddressPolicy;
import dev.connectorsdk.http.HttpLimits;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import tools.jackson.databind.JsonNode;

/**
 * Shows the request of a call that is not made. It is made by a runtime of its own, in memory and
 * without a network, on a connection that has the parameters of the visitor's and none of its
 * secrets: no page can show what is not there. The action's own code runs up to its first request.
 */
final class TryDryRun {

  private static final Caller NOBODY = Principal.user("dry-run").in("dry-run");
  private static final String SESSION = "dry-run";
  private static final URI CALLBACK = URI.create("http://127.0.0.1/callback");
  private static final Pattern STATE = Pattern.compile("[?&]state=([^&]*)");
  private static final Pattern NAME = Pattern.compile("\\{([^{}]*)}");

  private final Connector connector;
  private final AuthOption option;
  private final Connection connection;
  private final List<Secret> standIns = new ArrayList<>(List.of(DryNetwork.TOKEN));

  /**
   * @param entered secrets of the input, which are hidden in the request
   */
  TryDryRun(Connector connector, AuthOption option, Connection connection, List<Secret> entered) {
    standIns.addAll(entered);
    this.connector = new UntestedConnector(connector);
    this.option = option;
    this.connection = connection;
  }

  /**
   * Returns the request; empty if it cannot be made without what is secret, or the input does not
   * fit.
   */
  Optional<String> request(String operation, JsonNode input) {
    DryNetwork network = new DryNetwork(option.scheme().endpoints());
    try (ConnectorRuntime runtime = runtime(network)) {
      connect(runtime);
      network.begin();
      call(runtime, operation, input);
    } catch (ConnectorException | IllegalArgumentException e) {
      return Optional.empty();
    }
    Request request = network.request();
    return Optional.ofNullable(request)
        .map(sent -> new ShownRequest(sent, Mask.of(standIns)).toText());
  }

  private ConnectorRuntime runtime(DryNetwork network) {
    return ConnectorRuntime.builder()
        .connector(connector)
        // Nothing is sent, wherever it would go.
        .addressPolicy(AddressPolicy.allowAll())
        .client(connector.id().value(), option.id(), client())
        .httpClient(new OkHttpClient.Builder().addInterceptor(network).build())
        .limits(HttpLimits.standard().withMaxAttempts(1))
        .build();
  }

  private void call(ConnectorRuntime runtime, String operation, JsonNode input) {
    try {
      ConnectionReference reference =
          ConnectionReference.invoker("dry-run", connector.id().value());
      runtime.invoke(NOBODY, reference, operation, input);
    } catch (ConnectorException e) {
      // It ends where it would be sent.
    }
  }

  private void connect(ConnectorRuntime runtime) {
    if (!option.scheme().needsConsent()) {
      runtime.connections().create(NOBODY, spec());
      return;
    }
    URI back = URI.create(CALLBACK + "/" + connector.id());
    URI asked =
        runtime
            .consents()
            .begin(NOBODY, spec(), SESSION, ConsentOptions.standard().redirectUri(back))
            .authorizationUrl();
    Matcher state = STATE.matcher(asked.toString());
    String code = "?code=dry-run&state=" + (state.find() ? state.group(1) : "");
    runtime.consents().complete(NOBODY.principal(), URI.create(back + code), SESSION);
  }

  private ConnectionSpec spec() {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id()).untested();
    spec = spec.withAll(connection.parameters());
    for (ConnectionParameter parameter : connector.parameters(option)) {
      if (parameter.isSecret() && parameter.isRequired() && parameter.isFor(false)) {
        Secret standIn = Secret.of("secret-of-" + parameter.name());
        standIns.add(standIn);
        spec = spec.secret(parameter.name(), standIn);
      }
    }
    return spec;
  }

  private ClientRegistration client() {
    Secret standIn = Secret.of("secret-of-the-client");
    standIns.add(standIn);
    ClientRegistration client = ClientRegistration.of("client-of-the-host", standIn);
    List<String> origins = new ArrayList<>();
    for (String endpoint : option.scheme().endpoints()) {
      URI address = URI.create(filled(endpoint));
      origins.add(address.getScheme() + "://" + address.getRawAuthority());
    }
    boolean fixed = option.scheme().endpoints().stream().noneMatch(one -> one.contains("{"));
    return fixed ? client : client.sentTo(origins.toArray(String[]::new));
  }

  private String filled(String template) {
    return NAME.matcher(template)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    connection.parameters().entrySet().stream()
                        .filter(one -> one.getKey().equalsIgnoreCase(found.group(1)))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .map(Object::toString)
                        .orElse("not-known")));
  }
}
