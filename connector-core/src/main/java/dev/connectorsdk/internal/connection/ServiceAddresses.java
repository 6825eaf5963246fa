package dev.connectorsdk.internal.connection;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.auth.AuthScheme;
import dev.connectorsdk.api.auth.ClientRegistration;
import dev.connectorsdk.api.auth.OAuth2Scheme;
import dev.connectorsdk.api.error.AuthenticationException;
import dev.connectorsdk.api.internal.HostPattern;
import dev.connectorsdk.internal.http.Destinations;
import dev.connectorsdk.internal.http.ServiceUrl;
import dev.connectorsdk.internal.http.TemplateValues;
import dev.connectorsdk.internal.http.UrlTemplate;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** Where a connection's requests and secrets go, by its URL templates and its values. */
final class ServiceAddresses {

  private final RegisteredOption<?> option;
  private final Connector connector;
  private final AuthScheme scheme;
  private final TemplateValues values;

  ServiceAddresses(RegisteredOption<?> option, TemplateValues values) {
    this.option = option;
    this.connector = option.connector();
    this.scheme = option.scheme();
    this.values = values;
  }

  /** Returns the templates of all URLs that get a credential. */
  List<String> templates() {
    List<String> templates = new ArrayList<>();
    templates.add(connector.baseUrl());
    templates.addAll(connector.additionalOrigins());
    templates.addAll(scheme.endpoints());
    return templates;
  }

  /**
   * Returns all addresses of the service, but for those that it has yet to tell.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a value does not fit
   */
  List<HttpUrl> all() {
    return urls(expand(templates()));
  }

  /**
   * Returns the addresses that the requests of a connection go to, which those of its strategy are
   * not among.
   *
   * @throws dev.connectorsdk.api.error.InvalidInputException if a value does not fit
   */
  List<HttpUrl> ofRequests() {
    return urls(expand(serviceTemplates()));
  }

  private static List<HttpUrl> urls(List<ServiceUrl> addresses) {
    List<HttpUrl> urls = new ArrayList<>(addresses.size());
    for (ServiceUrl address : addresses) {
      urls.add(address.url());
    }
    return urls;
  }

  /**
   * Returns the parameters by which the owner of a connection has a say in where anything goes,
   * users included. A list of choices leaves the say to the connector's author.
   */
  Set<String> chosenByOwner() {
    List<String> templates = templates();
    if (scheme instanceof OAuth2Scheme oauth && oauth.authorizationUrl() != null) {
      templates.add(oauth.authorizationUrl());
    }
    Set<String> names = new LinkedHashSet<>();
    for (String template : templates) {
      for (String name : UrlTemplate.names(UrlTemplate.chosen(template, values))) {
        UrlTemplate.Value value = values.get(name);
        if (value != null && value.parameter().choices().isEmpty() && !option.isCaptured(name)) {
          names.add(value.parameter().name());
        }
      }
    }
    return names;
  }

  /** Returns the address of the service itself. */
  ServiceUrl base() {
    return UrlTemplate.service(connector.baseUrl(), values);
  }

  /** Returns where the requests of a connection may go. */
  Destinations destinations() {
    ServiceUrl base = base();
    List<ServiceUrl> others = new ArrayList<>();
    for (String template : connector.additionalOrigins()) {
      others.add(UrlTemplate.service(template, values));
    }
    List<HostPattern> fileHosts = new ArrayList<>();
    for (String host : connector.fileHosts()) {
      fileHosts.add(new HostPattern(host));
    }
    return new Destinations(base, others, fileHosts);
  }

  /** Returns what the strategy itself calls, but for what the service has yet to tell. */
  List<ServiceUrl> endpoints() {
    return expand(scheme.endpoints());
  }

  private List<ServiceUrl> expand(List<String> templates) {
    List<ServiceUrl> urls = new ArrayList<>(templates.size());
    for (String template : templates) {
      if (!isYetToBeCaptured(template)) {
        urls.add(UrlTemplate.service(template, values));
      }
    }
    return urls;
  }

  private boolean isYetToBeCaptured(String template) {
    return !scheme.captured().isEmpty()
        && UrlTemplate.names(UrlTemplate.chosen(template, values)).stream()
            .filter(option::isCaptured)
            .map(values::get)
            .anyMatch(value -> value != null && value.text() == null);
  }

  /**
   * The host's client secret, and further values of the host, must not go where the owner of a
   * connection, a callback, or whoever replaces a connector points.
   *
   * @throws AuthenticationException with reason {@code CONFIGURATION} if they would
   */
  void requireClientAtHome(ConnectionId connection) {
    ClientRegistration client = option.client().orElse(null);
    if (client == null || !(client.isConfidential() || isLimited(client))) {
      return;
    }
    List<String> origins = client.origins();
    for (String template : endpointsFor(client)) {
      if (!origins.isEmpty() || !isFixed(template)) {
        requireOn(origins, template, connection);
      }
    }
    if (sendsToService(client)) {
      for (String template : serviceTemplates()) {
        if (!isFixed(template)) {
          requireOn(origins, template, connection);
        }
      }
    }
  }

  private boolean isFixed(String template) {
    return !option.isReplaceable() && UrlTemplate.hasFixedHost(template, values);
  }

  private static boolean isLimited(ClientRegistration client) {
    return !client.origins().isEmpty();
  }

  /**
   * Returns the host at which users sign in if that is the owner's choice, else {@code null}. With
   * origins that the host application has named it is not.
   */
  @Nullable String chosenSite() {
    String template = signInTemplate();
    return template == null || UrlTemplate.hasFixedHost(template, values)
        ? null
        : site(UrlTemplate.expand(template, values));
  }

  private static String site(HttpUrl url) {
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return usual ? url.host() : url.host() + ":" + url.port();
  }

  /**
   * Returns the template of where users sign in, or of the issuer who says where; {@code null} if
   * nobody does, or the host application has named the sites that it trusts.
   */
  private @Nullable String signInTemplate() {
    String url =
        scheme instanceof OAuth2Scheme oauth
            ? begun(oauth, oauth.authorizationUrl(), "{authorization_endpoint}")
            : null;
    // The route of a page is not part of where it is.
    return url == null ? null : url.split("#", 2)[0];
  }

  private @Nullable String begun(OAuth2Scheme oauth, @Nullable String url, String fromMetadata) {
    if (option.client().filter(ServiceAddresses::isLimited).isPresent()) {
      return null;
    }
    return oauth.isDiscovered() && fromMetadata.equals(url) ? oauth.issuer() : url;
  }

  /**
   * What one site's sign-in brings must not reach another site that the owner of a connection
   * chose; RFC 9700 section 4.4. A callback tells sites apart only by its redirect URI, and a code
   * goes to where the user has signed in.
   *
   * @throws AuthenticationException with reason {@code CONFIGURATION} if it could
   */
  void requireSignInAtHome(ConnectionId connection, URI redirectUri) {
    String site = chosenSite();
    List<String> segments = Arrays.asList(redirectUri.getPath().split("/", -1));
    if (site != null && !segments.contains(connection.value()) && !segments.contains(site)) {
      throw notAtHome(
          connection,
          "its owner chooses where to sign in, so it needs a redirect URI of its own: let the one of"
              + " ClientRegistration.redirectingTo end in /*, or name the sites that you trust with"
              + " ClientRegistration.sentTo");
    }
    if (scheme instanceof OAuth2Scheme oauth) {
      requireOneOrigin(connection, oauth, signInTemplate());
    }
  }

  /**
   * The same for a sign-in on another device: its code goes to where it came from.
   *
   * @throws AuthenticationException with reason {@code CONFIGURATION} if it could go elsewhere
   */
  void requireDeviceSignInAtHome(ConnectionId connection) {
    if (scheme instanceof OAuth2Scheme oauth && oauth.deviceAuthorization() != null) {
      String url = oauth.deviceAuthorization().url();
      requireOneOrigin(connection, oauth, begun(oauth, url, "{device_authorization_endpoint}"));
    }
  }

  /**
   * @param begun the template of where a sign-in begins, or {@code null} if any place will do
   */
  private void requireOneOrigin(
      ConnectionId connection, OAuth2Scheme oauth, @Nullable String begun) {
    if (begun == null) {
      return;
    }
    HttpUrl signIn = UrlTemplate.expand(begun, values);
    for (String template : oauth.clientEndpoints()) {
      if (UrlTemplate.hasFixedHost(template, values)
          || isYetToBeCaptured(template)
          || isCapturedWithinLimits(template)) {
        continue;
      }
      HttpUrl endpoint = UrlTemplate.expand(template, values);
      if (!UrlTemplate.isOn(signIn.toString(), endpoint) && !isOnFurtherOrigin(oauth, endpoint)) {
        throw notAtHome(
            connection,
            "users sign in at "
                + site(signIn)
                + ", and codes and tokens would go to "
                + site(endpoint)
                + "; if that is meant, the author of the connector says so with"
                + " OAuth2Scheme.alsoAt");
      }
    }
  }

  /** Where the service says who has the tokens, the author says within which limits. */
  private boolean isCapturedWithinLimits(String template) {
    return UrlTemplate.namesInHost(UrlTemplate.chosen(template, values)).stream()
        .allMatch(name -> option.isCaptured(name) && CapturedValues.isLimited(values.get(name)));
  }

  private boolean isOnFurtherOrigin(OAuth2Scheme oauth, HttpUrl endpoint) {
    return oauth.origins().stream()
        .filter(origin -> UrlTemplate.isFilled(origin, values))
        .map(origin -> UrlTemplate.expand(origin, values).toString())
        .anyMatch(origin -> UrlTemplate.isOn(origin, endpoint));
  }

  private static AuthenticationException notAtHome(ConnectionId connection, String problem) {
    return new AuthenticationException(
        connection, AuthenticationException.Reason.CONFIGURATION, problem);
  }

  private Set<String> endpointsFor(ClientRegistration client) {
    Set<String> endpoints = new LinkedHashSet<>(scheme.clientEndpoints());
    if (!client.values().isEmpty()) {
      endpoints.addAll(scheme.endpointsWith(client.values().keySet()));
    }
    return endpoints;
  }

  private boolean sendsToService(ClientRegistration client) {
    return !client.values().isEmpty() && scheme.sendsToService(client.values().keySet());
  }

  private List<String> serviceTemplates() {
    List<String> service = new ArrayList<>(connector.additionalOrigins());
    service.add(connector.baseUrl());
    return service;
  }

  private void requireOn(List<String> origins, String template, ConnectionId connection) {
    if (isYetToBeCaptured(template)) {
      return;
    }
    HttpUrl url = UrlTemplate.expand(template, values);
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
