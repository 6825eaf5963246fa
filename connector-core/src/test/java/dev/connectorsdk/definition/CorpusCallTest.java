package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
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
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.error.OperationUnsupportedException;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.consent.ConsentOptions;
import dev.connectorsdk.consent.PendingConsent;
import dev.connectorsdk.internal.definition.auth.HostParameters;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Published definitions in a runtime, as a host would use them: a connection for each way to
 * authenticate, then a call of every operation that is offered. The network ends in this class.
 */
@ExtendWith(Corpus.Present.class)
class CorpusCallTest {

  private static final Caller ADA = Principal.user("ada").in("dev");
  private static final String CANARY = "canary-credential";
  private final RecordingNetwork network =
      new RecordingNetwork("{\"access_token\":\"" + CANARY + "\",\"token_type\":\"Bearer\"}");
  private final List<String> problems = new ArrayList<>();
  private int calls;
  private int options;

  @Test
  void everyOfferedOperationReachesItsServiceWithItsCredential() throws IOException {
    for (Path directory : Corpus.directories()) {
      load(directory);
    }

    System.out.println(calls + " calls over " + options + " ways to authenticate");
    assertThat(problems).isEmpty();
    assertThat(calls).isPositive();
  }

  private void load(Path directory) {
    Definition definition;
    try {
      definition = Definition.load(directory);
    } catch (DefinitionException e) {
      return;
    }
    Connector connector = definition.connector();
    var builder = ConnectorRuntime.builder().connector(connector).httpClient(network.client());
    for (AuthOption option : connector.authOptions()) {
      builder.client(connector.id().value(), option.id(), client(option));
    }
    try (ConnectorRuntime runtime = builder.build()) {
      for (AuthOption option : connector.authOptions()) {
        callAll(runtime, definition, option);
      }
    }
  }

  /** A host has to say so where owners decide to which host its client goes. */
  private static ClientRegistration client(AuthOption option) {
    ClientRegistration client = ClientRegistration.of("client", Secret.of("client-secret"));
    boolean anywhere =
        option.scheme().clientEndpoints().stream().anyMatch(url -> url.startsWith("{"));
    boolean ofOwner =
        option.scheme().clientEndpoints().stream()
            .anyMatch(url -> !HostParameters.of(url).isEmpty());
    return anywhere || (ofOwner && option.id().equals("oauthCustom"))
        ? client.sentTo("https://value", "https://value.example")
        : client;
  }

  private void callAll(ConnectorRuntime runtime, Definition definition, AuthOption option) {
    String place = definition.connector().id() + " by " + option;
    Connection connection;
    try {
      connection = connect(runtime, definition.connector(), option);
    } catch (ConnectorException e) {
      problems.add(place + ": " + e.getMessage());
      return;
    }
    options++;
    ConnectionReference reference =
        ConnectionReference.invoker("all", definition.connector().id().value());
    runtime.references().bind(ADA, reference, connection.id());
    for (Action<?, ?> action : definition.connector().actions()) {
      if (!definition.report().operation(action.id()).orElseThrow().isSupported()) {
        continue;
      }
      network.sent().clear();
      try {
        Object input = new SchemaSample(action.input().givenSchema()).value();
        runtime.invoke(ADA, reference, action.id(), input);
        if (!hasPolicies(action)) {
          check(place + ", " + action, definition, option);
        }
        calls++;
      } catch (OperationUnsupportedException e) {
        assertThat(network.sent()).isEmpty();
      } catch (ConnectorException e) {
        if (!hasPolicies(action)) {
          problems.add(place + ", " + action + ": " + e.getMessage());
        }
      }
    }
  }

  /** What policies do to a request is for another test. */
  private static boolean hasPolicies(Action<?, ?> action) {
    return !((DefinitionAction) action).operation().policies().isNothing();
  }

  private void check(String place, Definition definition, AuthOption option) {
    Request request = network.sent().get(network.sent().size() - 1);
    HttpUrl base = HttpUrl.get(definition.report().baseUrl());
    boolean atHome =
        request.url().host().equals(base.host())
            && request.url().port() == base.port()
            && request.url().encodedPath().startsWith(withoutSlash(base.encodedPath()));
    if (!atHome) {
      problems.add(place + ": went to " + request.url());
    }
    boolean limited = definition.report().authOption(option.id()).orElseThrow().isLimited();
    boolean asks = option.parameters().stream().anyMatch(ConnectionParameter::isSecret);
    boolean carries =
        request.headers().toString().contains("Authorization")
            || request.toString().contains(CANARY)
            || request.headers().values("Cookie").contains(CANARY);
    boolean none = option.scheme() == dev.connectorsdk.api.auth.NoneScheme.INSTANCE;
    if (!none && !limited && asks && !carries) {
      problems.add(place + ": carries no credential");
    }
    if (request.url().host().equals(base.host()) && none && carries) {
      problems.add(place + ": carries a credential that nobody asked for");
    }
  }

  private static String withoutSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static Connection connect(
      ConnectorRuntime runtime, Connector connector, AuthOption option) {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id()).untested();
    List<ConnectionParameter> parameters = new ArrayList<>(connector.parameters());
    parameters.addAll(option.parameters());
    for (ConnectionParameter parameter : parameters) {
      if (spec.values().containsKey(parameter.name())) {
        continue;
      }
      spec =
          parameter.isSecret()
              ? spec.secret(parameter.name(), Secret.of(secret(parameter)))
              : spec.with(parameter.name(), plain(parameter));
    }
    if (!option.scheme().needsConsent()) {
      return runtime.connections().create(ADA, spec);
    }
    URI callback = URI.create("https://app.test/callback/" + spec.connector());
    PendingConsent pending =
        runtime
            .consents()
            .begin(ADA, spec, "session", ConsentOptions.standard().redirectUri(callback));
    String state = stateOf(pending.authorizationUrl());
    return runtime
        .consents()
        .complete(ADA.principal(), URI.create(callback + "?code=c&state=" + state), "session")
        .connection();
  }

  private static String stateOf(URI link) {
    String text = link.toString();
    int from = text.indexOf("state=") + "state=".length();
    int to = text.indexOf('&', from);
    return text.substring(from, to < 0 ? text.length() : to);
  }

  private static String secret(ConnectionParameter parameter) {
    return parameter.choices().isEmpty() ? CANARY : parameter.choices().get(0);
  }

  private static Object plain(ConnectionParameter parameter) {
    if (!parameter.choices().isEmpty()) {
      return parameter.choices().get(0);
    }
    return switch (parameter.type()) {
      case INTEGER, NUMBER -> 1;
      case BOOLEAN -> true;
      case TEXT, SECRET -> parameter.name().endsWith("Url") ? "https://value.example" : "value";
    };
  }
}
