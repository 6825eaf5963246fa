package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import dev.connectorsdk.internal.definition.request.FormEncoding;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.http.HeaderRules;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One attempt of a request, authenticated, before it is sent. It can ask the service for more. */
final class RequestMessage extends Message {

  private final Stage.Chain chain;
  private final String method;
  private final WireRequest authenticated;
  private @Nullable EncodedQuery query; // read when a policy asks for it
  private boolean queryIsRewritten;
  private int added; // parameters at its end

  /** What policies set, by its name, and whether the caller has a say in it. */
  private final SetByPolicies headersOfPolicies = new SetByPolicies();

  private final SetByPolicies queryOfPolicies = new SetByPolicies();

  /** What policies added in which the caller has no say. */
  private final List<EncodedQuery.Pair> queryOfConnection = new ArrayList<>(2);

  private boolean isLedElsewhere;
  private String serviceUrl;
  private Stage.Trust trust = Stage.Trust.NONE;
  private @Nullable String path; // if a policy has set it

  /**
   * @param serviceUrl the connection's, without a slash at the end
   */
  RequestMessage(CallValues values, Stage.Chain chain, WireRequest request, String serviceUrl) {
    super(values, request.headers(), request.body());
    this.chain = chain;
    this.method = request.method();
    this.serviceUrl = serviceUrl;
    this.authenticated = request;
  }

  @Override
  boolean isCallerControlled(Piece piece) {
    if (!(piece instanceof Call call)) {
      return piece instanceof Name;
    }
    return switch (call.source()) {
      case CONNECTION, ENVIRONMENT -> false;
      case BODY, ITEM -> true;
      case HEADERS -> isHeaderCallerControlled(call.name());
      case QUERY -> isQueryCallerControlled(call.name());
    };
  }

  @Override
  boolean isHeaderCallerControlled(String name) {
    Boolean known = headersOfPolicies.get(name);
    return known == null
        ? isCallerControlled(ParameterPlace.HEADER, name, header(name))
        : known.booleanValue();
  }

  private boolean isQueryCallerControlled(String name) {
    Boolean known = queryOfPolicies.get(name);
    return known == null
        ? isCallerControlled(ParameterPlace.QUERY, name, queryParameter(name))
        : known.booleanValue();
  }

  private boolean isCallerControlled(ParameterPlace in, String name, @Nullable String value) {
    return value != null && values().isCallerControlled(in, name, value);
  }

  @Override
  boolean mayBeginBody() {
    return body().isEmpty() && !method.equals("GET") && !method.equals("HEAD");
  }

  // ---- Query.

  @Override
  @Nullable String queryParameter(String name) {
    return query().find(name);
  }

  private EncodedQuery query() {
    EncodedQuery read = query == null ? queryAsGiven() : query;
    query = read;
    return read;
  }

  private EncodedQuery queryAsGiven() {
    return authenticated.isAsTargeted()
        ? EncodedQuery.of(values().request())
        : new EncodedQuery(authenticated.url().encodedQuery());
  }

  private EncodedQuery rewrittenQuery() {
    queryIsRewritten = true;
    return query();
  }

  /**
   * Sets a query parameter in the place of all of its name.
   *
   * @param callerControlled whether the caller chose the value freely
   */
  void setQuery(String name, String value, boolean callerControlled) {
    queryIsRewritten |= query().remove(name);
    add(name, value, callerControlled);
    queryOfPolicies.put(name, callerControlled);
  }

  /** Adds a query parameter to those of its name. */
  void addQuery(String name, String value, boolean callerControlled) {
    boolean either = callerControlled || isQueryCallerControlled(name);
    add(name, value, callerControlled);
    queryOfPolicies.put(name, either);
  }

  private void add(String name, String value, boolean callerControlled) {
    EncodedQuery.Pair pair = query().add(name, value);
    added++;
    if (!callerControlled) {
      queryOfConnection.add(pair);
    }
  }

  /** Replaces query parameters by those of an encoded query. */
  void mergeQuery(String encoded, boolean callerControlled) {
    for (EncodedQuery.Pair pair : rewrittenQuery().merge(encoded)) {
      queryOfPolicies.put(pair.decodedName(), callerControlled);
    }
  }

  /** Puts what the URL of a service has for a query before what the operation adds to it. */
  void beginQuery(String encoded, boolean callerControlled) {
    for (EncodedQuery.Pair pair : rewrittenQuery().addFirst(encoded)) {
      String name = pair.decodedName();
      queryOfPolicies.put(name, callerControlled || isQueryCallerControlled(name));
      if (!callerControlled) {
        queryOfConnection.add(pair);
      }
    }
    setPath(path().equals("/") ? "" : path());
  }

  @Override
  boolean setHeader(String name, String value, boolean callerControlled) {
    if (callerControlled && HeaderRules.isSteering(name)) {
      throw fault(
          "the header '" + name + "', which a policy sets",
          "could change what the request does or where it goes, and comes from the input");
    }
    boolean isSet = super.setHeader(name, value, callerControlled);
    if (isSet) {
      headersOfPolicies.put(name, callerControlled);
    }
    return isSet;
  }

  // ---- Where the request goes.

  String path() {
    return path == null ? values().request().path() : path;
  }

  void setPath(String path) {
    isLedElsewhere = true;
    this.path = path;
  }

  /**
   * Replaces the service URL.
   *
   * @param trust who has chosen the host, as far as the policy knows
   * @throws dev.connectorsdk.api.error.HostNotAllowedException if it is not, and neither the
   *     connection was made for it nor the host application allows it
   */
  void moveTo(HttpUrl url, Stage.Trust trust) {
    HostRules hosts = values().additions().hosts();
    this.trust = trust == Stage.Trust.AUTHOR ? trust : hosts.trustIn(url, trust);
    if (this.trust == Stage.Trust.NONE && !chain.allows(url)) {
      throw hosts.refusal(url);
    }
    isLedElsewhere = true;
    String address = url.toString();
    serviceUrl = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /** Returns who has chosen the host, which says whether it gets the connection's credential. */
  Stage.Trust trust() {
    return trust;
  }

  /** Asks the service for something on the way, with the credential and host of this moment. */
  WireResponse ask(String method, String path, String encodedQuery) {
    EncodedQuery asked = new EncodedQuery(encodedQuery);
    Set<String> ofAuthentication = queryOfAuthentication();
    asked.addFrom(query(), pair -> ofAuthentication.contains(pair.name()));
    return chain.send(new WireRequest(method, url(path, asked), withoutContentType(), null), trust);
  }

  /** Returns the names, encoded, of what the operation itself does not send. */
  private Set<String> queryOfAuthentication() {
    Set<String> own = values().request().queryNames();
    Set<String> others = new HashSet<>();
    for (EncodedQuery.Pair pair : queryAsGiven().pairs()) {
      if (!own.contains(PercentEncoding.decode(pair.name()))) {
        others.add(pair.name());
      }
    }
    return others;
  }

  private Headers withoutContentType() {
    return headers().newBuilder().removeAll("Content-Type").build();
  }

  private HttpUrl url() {
    if (isLedElsewhere) {
      return url(path(), query());
    }
    if (queryIsRewritten) {
      return authenticated.urlWith(url -> url.encodedQuery(query().encoded()));
    }
    return added == 0 ? authenticated.url() : authenticated.urlPlus(this::addTo);
  }

  private void addTo(BiConsumer<String, @Nullable String> url) {
    List<EncodedQuery.Pair> pairs = query().pairs();
    for (int i = pairs.size() - added; i < pairs.size(); i++) {
      url.accept(pairs.get(i).name(), pairs.get(i).value());
    }
  }

  private HttpUrl url(String path, EncodedQuery query) {
    if (DotSegments.in(path) || path.indexOf('\\') >= 0) {
      throw fault("(URL)", "a policy makes a path with '.', '..' or a backslash of it");
    }
    String encoded = query.encoded();
    HttpUrl parsed = HttpUrl.parse(serviceUrl + path + (encoded == null ? "" : "?" + encoded));
    if (parsed == null) {
      throw fault("(URL)", "a policy makes no URL of it");
    }
    return parsed;
  }

  // ---- The ends.

  /** Returns the request as the policies left it. */
  WireRequest request() {
    byte[] written = form();
    if (written == null) {
      written = writtenBody();
    }
    return new WireRequest(method, url(), headers(), written.length == 0 ? null : written);
  }

  /** Returns the body as a form, if a policy changed the type of what is JSON still. */
  private byte @Nullable [] form() {
    String type = header("Content-Type");
    JsonNode object = type != null && ContentTypes.isForm(type) ? body().object() : null;
    return object == null ? null : FormEncoding.encode(object);
  }

  /**
   * Returns the same headers, and what policies put into the query by the connection's parameters,
   * on another URL: that of a further page or of the state of long work.
   *
   * @param link with what authentication adds to it
   */
  WireRequest follow(HttpUrl link) {
    HttpUrl.Builder url = link.newBuilder();
    for (EncodedQuery.Pair pair : queryOfConnection) {
      if (query().has(pair) && link.queryParameter(pair.decodedName()) == null) {
        url.addEncodedQueryParameter(pair.name(), pair.value());
      }
    }
    return new WireRequest("GET", url.build(), withoutContentType(), null);
  }
}
