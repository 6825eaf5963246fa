package dev.connectorsdk.definition;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.OkHttpClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a trigger of a published definition works with. */
final class CorpusContext {

  private static final Caller ADA = Principal.user("ada").in("dev");

  /** What is done with a context. */
  interface Work {
    Object with(ActionContext context) throws Exception;
  }

  private CorpusContext() {}

  /** Does something with a context that is bound to a connection of the definition. */
  static Object run(Definition definition, OkHttpClient network, Work work) {
    AuthOption option = option(definition.connector());
    Object[] result = new Object[1];
    Action<JsonNode, JsonNode> action =
        Action.dynamic("run", Effect.WRITE, object(), object())
            .run(
                (input, context) -> {
                  result[0] = work.with(context);
                  return input;
                });
    Connector connector = open(definition.connector()).auth(option).action(action).build();
    try (ConnectorRuntime runtime =
        ConnectorRuntime.builder().connector(connector).httpClient(network).build()) {
      connect(runtime, connector, option);
      runtime.invoke(
          ADA, ConnectionReference.invoker("it", connector.id().value()), "run", object());
    }
    return result[0];
  }

  /** Returns a connector to the same service, without anything that it does. */
  static Connector.Builder open(Connector connector) {
    Connector.Builder open = Connector.builder(connector.id().value(), connector.baseUrl());
    connector.parameters().forEach(open::parameter);
    connector.additionalOrigins().forEach(open::additionalOrigin);
    connector.fileHosts().forEach(open::fileHost);
    return open;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns a way to authenticate for which nobody has to sign in. */
  static AuthOption option(Connector connector) {
    AuthOption first = connector.authOptions().get(0);
    for (AuthOption option : connector.authOptions()) {
      if (!option.scheme().needsConsent()) {
        return option;
      }
    }
    AuthOption signedIn = AuthOption.none();
    for (ConnectionParameter parameter : first.parameters()) {
      signedIn = signedIn.asking(parameter);
    }
    return signedIn;
  }

  private static void connect(ConnectorRuntime runtime, Connector connector, AuthOption option) {
    runtime.connections().create(ADA, filled(connector, option, new HashMap<>()));
  }

  /**
   * Returns a connection with a value for each parameter.
   *
   * @param entered gets what was entered, by the parameter's name in lower case
   */
  static ConnectionSpec filled(
      Connector connector, AuthOption option, Map<String, String> entered) {
    ConnectionSpec spec = ConnectionSpec.of(connector.id(), option.id()).untested();
    List<ConnectionParameter> parameters = new ArrayList<>(connector.parameters());
    parameters.addAll(option.parameters());
    for (ConnectionParameter parameter : parameters) {
      if (spec.values().containsKey(parameter.name())) {
        continue;
      }
      String value = parameter.choices().isEmpty() ? "value" : parameter.choices().get(0);
      entered.put(parameter.name().toLowerCase(Locale.ROOT), value);
      spec =
          parameter.isSecret()
              ? spec.secret(parameter.name(), Secret.of(value))
              : spec.with(
                  parameter.name(),
                  switch (parameter.type()) {
                    case INTEGER, NUMBER -> 1;
                    case BOOLEAN -> true;
                    case TEXT, SECRET -> value;
                  });
    }
    return spec;
  }
}
