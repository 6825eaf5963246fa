package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.AuthStrategy;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.internal.http.TemplateValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One of a connector's ways to authenticate, with all that is registered for it.
 *
 * @param scheme the option's
 * @param strategy that knows the scheme
 * @param client the host's, if it registered one
 * @param reach where this connector sends the credentials, and how, if somebody may replace it
 *     while the runtime runs; else an empty text
 * @param clientName what people see as the name of a client that registers itself
 */
record RegisteredOption<S extends AuthScheme>(
    Connector connector,
    AuthOption option,
    S scheme,
    AuthStrategy<S> strategy,
    Optional<ClientRegistration> client,
    String reach,
    String clientName) {

  String id() {
    return option.id();
  }

  /** Returns whether somebody may replace the connector while the runtime runs. */
  boolean isReplaceable() {
    return !reach.isEmpty();
  }

  /** Returns what a connection with this option is asked for. */
  List<ConnectionParameter> parameters() {
    return connector.parameters(option);
  }

  /**
   * Returns whether a connection uses the client that the host has registered, and not its own.
   *
   * @param plain its parameters that are not secret
   * @param secrets the names of those that are
   */
  boolean usesClientOfHost(Map<String, Object> plain, Set<String> secrets) {
    if (client.isEmpty() || !(scheme instanceof OAuth2Scheme oauth)) {
      return client.isPresent();
    }
    String ownId = oauth.ownClientId();
    boolean own =
        ownId != null
            && Stream.concat(plain.keySet().stream(), secrets.stream())
                .anyMatch(ownId::equalsIgnoreCase);
    return !own && !oauth.isClientFromConnection();
  }

  /**
   * Returns which required parameters a connection lacks that are not secret.
   *
   * @param plain its parameters that are not secret
   * @param throughGateway whether it leads through a gateway
   */
  List<String> missing(Map<String, Object> plain, boolean throughGateway) {
    List<String> missing = new ArrayList<>();
    for (ConnectionParameter one : parameters()) {
      boolean isNeeded =
          one.isFor(throughGateway)
              && one.isRequired()
              && !one.isSecret()
              && one.defaultValue() == null;
      if (isNeeded && !isCaptured(one.name()) && !plain.containsKey(one.name())) {
        missing.add(one.name());
      }
    }
    return missing;
  }

  /** Returns whether a connection sends its requests another way than it has to. */
  boolean lacksGateway(@Nullable String gateway) {
    return option.needsGateway() && gateway == null;
  }

  /** Returns whether the service may give a parameter its value. */
  boolean isCaptured(String name) {
    for (String captured : scheme.captured()) {
      if (captured.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** Returns what fills URL templates, for a connection with these parameters. */
  TemplateValues values(Map<String, Object> plain) {
    return ParameterValues.lookup(parameters(), plain);
  }

  /** Returns where requests and secrets go, for a connection with these parameters. */
  ServiceAddresses addresses(Map<String, Object> plain) {
    return addresses(values(plain));
  }

  ServiceAddresses addresses(TemplateValues values) {
    return new ServiceAddresses(this, values);
  }
}
