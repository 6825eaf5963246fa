package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of one connection go and what authenticates them; made when a connection is
 * opened. Safe for use by several threads.
 */
public final class Endpoint {

  private final ConnectionId connection;
  private final ConnectorId connector;
  private final @Nullable Authenticator authenticator;
  private final boolean seesSuccess;
  private final Destinations destinations;
  private final HttpUrl baseUrl;
  private final Origin origin;
  private final Set<Origin> origins;
  private final Set<Origin> fixedOrigins;
  private final boolean baseIsChosen;
  private final boolean baseIsAtHome;
  private final ServiceClients clients;
  private final @Nullable ClientTls tls;
  private final EndpointGate gate;
  private volatile @Nullable Room room;
  private volatile @Nullable URI baseUri; // made when first asked for: not all have one
  private volatile @Nullable Signed signed; // as the last request was

  /** The usual request with the header of a credential. No record: its text would tell that. */
  private static final class Signed {

    private final Request usual;
    private final String name;
    private final String value;
    private final Request request;

    Signed(Request usual, String name, String value) {
      this.usual = usual;
      this.name = name;
      this.value = value;
      this.request = usual.newBuilder().header(name, value).build();
    }

    @SuppressWarnings("ReferenceEquality") // The transport has a single usual request.
    boolean is(Request usual, String name, String value) {
      return this.usual == usual && this.name.equals(name) && this.value.equals(value);
    }
  }

  /**
   * @param authenticator {@code null} for requests without credentials
   * @param clients the connection's own
   * @param tls what offers the connection's client certificate, from now on to these origins too;
   *     {@code null} if the connection has none
   * @param gate is asked before each request
   */
  public Endpoint(
      ConnectionId connection,
      ConnectorId connector,
      Destinations destinations,
      @Nullable Authenticator authenticator,
      ServiceClients clients,
      @Nullable ClientTls tls,
      EndpointGate gate) {
    this.connection = connection;
    this.connector = connector;
    this.authenticator = authenticator;
    this.seesSuccess = authenticator != null && authenticator.seesSuccess();
    this.destinations = destinations;
    ServiceUrl base = destinations.base();
    this.baseUrl = withoutQuery(base.url());
    this.origin = Origins.of(baseUrl);
    Set<Origin> all = new LinkedHashSet<>();
    Set<Origin> fixed = new HashSet<>();
    for (ServiceUrl service : destinations.withCredentials()) {
      Origin its = originOf(service.url());
      all.add(its);
      if (!service.chosenByUser()) {
        fixed.add(its);
      }
    }
    this.origins = Set.copyOf(all);
    this.fixedOrigins = Set.copyOf(fixed);
    this.baseIsChosen = !fixed.contains(origin);
    this.baseIsAtHome = base.atHome() || !baseIsChosen;
    this.clients = clients;
    this.tls = tls;
    this.gate = gate;
    if (tls != null) {
      tls.pin(origins);
    }
  }

  private static HttpUrl withoutQuery(HttpUrl url) {
    return url.encodedQuery() == null ? url : url.newBuilder().query(null).build();
  }

  /** Returns the endpoint's own {@code Origin} object if it is equal, to save memory. */
  private Origin originOf(HttpUrl url) {
    return Origins.isOn(origin, url) ? origin : Origins.of(url);
  }

  ConnectionId connection() {
    return connection;
  }

  ConnectorId connector() {
    return connector;
  }

  /** Returns what authenticates requests, or {@code null} if nothing does. */
  public @Nullable Authenticator authenticator() {
    return authenticator;
  }

  /** Returns whether an answer that is a success may refuse the credential. */
  boolean seesSuccess() {
    return seesSuccess;
  }

  /**
   * Returns a request with one header more. The last result is kept, since most requests of a
   * connection have the same credential.
   *
   * @param usual the one that all requests of the transport begin with
   * @throws IllegalArgumentException if the header cannot be sent
   */
  Request withHeader(Request usual, String name, String value) {
    Signed last = signed;
    if (last == null || !last.is(usual, name, value)) {
      last = new Signed(usual, name, value);
      signed = last;
    }
    return last.request;
  }

  @Nullable ClientTls tls() {
    return tls;
  }

  ServiceClients clients() {
    return clients;
  }

  /**
   * Returns whether a user may have chosen the host of a URL, or a service has named it: whether it
   * is none of those that stand in the connector.
   */
  boolean isChosenByUser(HttpUrl url) {
    return Origins.isOn(origin, url) ? baseIsChosen : !fixedOrigins.contains(Origins.of(url));
  }

  /** Returns the base URL, without a query. */
  HttpUrl baseUrl() {
    return baseUrl;
  }

  /**
   * Returns the URL of what an encoded path, maybe with a query, names below the base URL.
   *
   * @param target begins with a slash
   */
  HttpUrl.Builder below(String target) {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    HttpUrl.Builder url = baseUrl.newBuilder();
    if (path.contains("//")) {
      url.addEncodedPathSegments(path.substring(1));
    } else {
      // Faster than having OkHttp look for slashes, but would lose one of two in a row.
      for (int from = 1, slash; from <= path.length(); from = slash + 1) {
        slash = path.indexOf('/', from);
        slash = slash < 0 ? path.length() : slash;
        url.addEncodedPathSegment(path.substring(from, slash));
      }
    }
    return query < 0 ? url : url.encodedQuery(target.substring(query + 1));
  }

  /**
   * Returns whether what is at the base URL is the service, whatever the owner of the connection
   * has entered, as {@link UrlTemplate#hasFixedHost} says.
   */
  public boolean isAtHome() {
    return baseIsAtHome;
  }

  /** Returns the base URL without a slash at the end. */
  public URI baseUri() {
    URI known = baseUri;
    if (known == null) {
      known = withoutSlash(baseUrl.toString());
      baseUri = known;
    }
    return known;
  }

  private static URI withoutSlash(String url) {
    return URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
  }

  /** Returns the room for exchanges with the origin of a URL. */
  Room room(HttpUrl url, Bulkheads bulkheads) {
    return Origins.isOn(origin, url)
        ? room(bulkheads)
        : bulkheads.room(connection, Origins.of(url));
  }

  /** Returns the room for exchanges with the origin of the base URL. */
  Room room(Bulkheads bulkheads) {
    Room known = room;
    if (known == null) {
      known = bulkheads.room(connection, origin);
      room = known;
    }
    return known;
  }

  EndpointGate gate() {
    return gate;
  }

  void requireAllowed(HttpUrl url) {
    if (!allows(url)) {
      throw new HostNotAllowedException(
          Origins.of(url).toString(), "connection '" + connection + "' is for " + origins);
    }
  }

  /**
   * Returns whether a redirect leads to a file that the service keeps elsewhere, where nothing goes
   * that identifies the connection.
   *
   * @param from what redirects
   */
  boolean keepsFileAt(HttpUrl url, HttpUrl from) {
    return !allows(url) && destinations.hasFilesAt(url, from);
  }

  /**
   * Checks that a file may be at a URL.
   *
   * @param from what has named it
   */
  void requireFileAt(HttpUrl url, HttpUrl from) {
    if (!destinations.hasFilesAt(url, from)) {
      throw new HostNotAllowedException(
          Origins.of(url).toString(),
          "files of connection '"
              + connection
              + "' are at "
              + destinations.files()
              + ", by https, and "
              + Origins.of(from)
              + " has named another place");
    }
  }

  /** Returns the one answer to all requests for addresses that users may not choose. */
  static HostNotAllowedException addressRefused(HttpUrl url) {
    return HostNotAllowedException.ofAddress(Origins.of(url).toString());
  }

  boolean allows(HttpUrl url) {
    return Origins.isOn(origin, url) || (origins.size() > 1 && origins.contains(Origins.of(url)));
  }
}
