package dev.connectorsdk.testkit;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.connection.ConnectionSpec;
import java.util.Map;
import java.util.UUID;

/** Fills in what a connection asks for and a test has not said. */
final class SampleValues {

  static final String SERVICE = "https://service.test";

  private SampleValues() {}

  static ConnectionSpec complete(
      ConnectionSpec spec, Connector connector, AuthOption option, Map<String, Object> said) {
    ConnectionSpec complete = spec.withAll(said);
    for (ConnectionParameter parameter : connector.parameters(option)) {
      boolean isSaid = said.keySet().stream().anyMatch(parameter::isNamed);
      if (!isSaid && parameter.isRequired() && parameter.defaultValue() == null) {
        complete =
            parameter.isSecret()
                ? complete.secret(parameter.name(), secret(parameter))
                : complete.with(parameter.name(), value(parameter, connector));
      }
    }
    return complete;
  }

  private static Secret secret(ConnectionParameter parameter) {
    return Secret.of(parameter.name() + "-" + UUID.randomUUID());
  }

  private static Object value(ConnectionParameter parameter, Connector connector) {
    Object sample =
        switch (parameter.type()) {
          case INTEGER, NUMBER -> 1;
          case BOOLEAN -> true;
          case TEXT, SECRET -> text(parameter, connector);
        };
    if (parameter.pattern() != null && !parameter.pattern().matcher(sample.toString()).matches()) {
      throw new IllegalStateException(
          "No value is known for the parameter '"
              + parameter.name()
              + "' of the connector '"
              + connector.id()
              + "', which has a pattern of its own. Say one: with(\""
              + parameter.name()
              + "\", ...)");
    }
    return sample;
  }

  private static String text(ConnectionParameter parameter, Connector connector) {
    if (!parameter.choices().isEmpty()) {
      return parameter.choices().get(0);
    }
    return connector.baseUrl().startsWith("{" + parameter.name() + "}") ? SERVICE : "test";
  }
}
