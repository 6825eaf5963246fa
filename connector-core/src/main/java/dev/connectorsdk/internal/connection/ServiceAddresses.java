package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Where a connection's requests and secrets go, by its URL templates and its values. */
final class ServiceAddresses {

  private ServiceAddresses() {}

  /**
   * Returns all addresses of the service, but for those that it has yet to tell.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a value does not fit
   */
  static List<HttpUrl> of(
      Connector connector,
      AuthOption option,
      Function<String, UrlTemplate.@Nullable Value> values) {
    return expand(templates(connector, option), option.scheme(), values);
  }

  /** Returns what the strategy itself calls, but for what the service has yet to tell. */
  static List<HttpUrl> endpoints(
      AuthScheme scheme, Function<String, UrlTemplate.@Nullable Value> values) {
    return expand(scheme.endpoints(), scheme, values);
  }

  /** Returns the templates of all URLs that get a credential. */
  static List<String> templates(Connector connector, AuthOption option) {
    List<String> templates = new ArrayList<>();
    templates.add(connector.baseUrl());
    templates.addAll(connector.additionalOrigins());
    templates.addAll(option.scheme().endpoints());
    return templates;
  }

  private static List<HttpUrl> expand(
      List<String> templates,
      AuthScheme scheme,
      Function<String, UrlTemplate.@Nullable Value> values) {
    return templates.stream()
        .filter(template -> !isYetToBeTold(template, scheme, values))
        .map(template -> UrlTemplate.expand(template, values))
        .toList();
  }

  private static boolean isYetToBeTold(
      String template, AuthScheme scheme, Function<String, UrlTemplate.@Nullable Value> values) {
    return !scheme.captured().isEmpty()
        && UrlTemplate.names(UrlTemplate.chosen(template, values)).stream()
            .filter(name -> scheme.captured().stream().anyMatch(name::equalsIgnoreCase))
            .map(values)
            .anyMatch(value -> value != null && value.text() == null);
  }

  /**
   * The host's client secret, and further values of the host, must not go where the owner of a
   * connection or a callback points.
   */
  static void requireClientAtHome(
      ConnectionId connection,
      Optional<ClientRegistration> registered,
      Connector connector,
      AuthScheme scheme,
      Function<String, UrlTemplate.@Nullable Value> values) {
    ClientRegistration client = registered.orElse(null);
    if (client == null || !client.isConfidential()) {
      return;
    }
    List<String> origins = client.origins();
    Set<String> ofHost = client.values().keySet();
    Set<String> endpoints = new LinkedHashSet<>(scheme.clientEndpoints());
    if (!ofHost.isEmpty()) {
      endpoints.addAll(scheme.endpointsWith(ofHost));
    }
    for (String template : endpoints) {
      boolean fixed = origins.isEmpty() && UrlTemplate.hasFixedHost(template, values);
      if (!fixed && !isYetToBeTold(template, scheme, values)) {
        requireOn(origins, UrlTemplate.expand(template, values), connection);
      }
    }
    if (ofHost.isEmpty() || !scheme.sendsToService(ofHost)) {
      return;
    }
    List<String> service = new ArrayList<>(connector.additionalOrigins());
    service.add(connector.baseUrl());
    for (String template : service) {
      boolean fixed = UrlTemplate.hasFixedHost(template, values);
      if (!fixed && !isYetToBeTold(template, scheme, values)) {
        requireOn(origins, UrlTemplate.expand(template, values), connection);
      }
    }
  }

  private static void requireOn(List<String> origins, HttpUrl url, ConnectionId connection) {
    if (origins.stream().noneMatch(origin -> UrlTemplate.isOn(origin, url))) {
      throw new AuthenticationException(
          connection,
          AuthenticationException.Reason.CONFIGURATION,
          "the registered client may not be sent to "
              + url.host()
              + "; name the origin with ClientRegistration.sentTo");
    }
  }
}
