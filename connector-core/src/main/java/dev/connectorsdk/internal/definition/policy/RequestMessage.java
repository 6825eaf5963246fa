package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.DotSegments;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Name;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import dev.connectorsdk.internal.definition.request.FormEncoding;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.util.HashSet;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One attempt of a request, authenticated, before it is sent. It can ask the service for more. */
final class RequestMessage extends Message {

  private final Stage.Chain chain;
  private final String method;
  private final EncodedQuery query;
  private final Set<String> queryOfAuthentication = new HashSet<>();

  /** What policies set from what the caller has no say in, in lower case. */
  private final Set<String> policyHeaders = new HashSet<>();

  private final Set<String> policyQuery = new HashSet<>();
  private String serviceUrl;
  private boolean trusted;
  private String path;

  /**
   * @param serviceUrl the connection's, without a slash at the end
   */
  RequestMessage(CallValues values, Stage.Chain chain, WireRequest request, String serviceUrl) {
    super(values, request.headers(), request.body());
    this.chain = chain;
    this.method = request.method();
    this.serviceUrl = serviceUrl;
    this.path = values.request().path();
    this.query = new EncodedQuery(request.url().encodedQuery());
    Set<String> own = values.request().queryNames();
    for (EncodedQuery.Pair pair : query.pairs()) {
      if (!own.contains(PercentEncoding.decode(pair.name()))) {
        queryOfAuthentication.add(pair.name());
      }
    }
  }

  @Override
  boolean isCallerControlled(Piece piece) {
    if (!(piece instanceof Call call)) {
      return piece instanceof Name;
    }
    String name = Lookup.lower(call.name());
    return switch (call.source()) {
      case CONNECTION, ENVIRONMENT -> false;
      case BODY, ITEM -> true;
      case HEADERS ->
          !policyHeaders.contains(name)
              && isCallerControlled(ParameterPlace.HEADER, call.name(), header(call.name()));
      case QUERY ->
          !policyQuery.contains(name)
              && isCallerControlled(ParameterPlace.QUERY, call.name(), queryParameter(call.name()));
    };
  }

  private boolean isCallerControlled(ParameterPlace in, String name, @Nullable String value) {
    return value != null && values().isCallerControlled(in, name, value);
  }

  @Override
  boolean mayBeCompleted() {
    return true;
  }

  @Override
  boolean mayBeginBody() {
    return body().isEmpty() && !method.equals("GET") && !method.equals("HEAD");
  }

  // ---- Query.

  @Override
  @Nullable String queryParameter(String name) {
    return query.find(name);
  }

  /**
   * Sets a query parameter in the place of all of its name.
   *
   * @param callerControlled whether the caller chose the value freely
   */
  void setQuery(String name, String value, boolean callerControlled) {
    query.remove(name);
    addQuery(name, value, callerControlled);
  }

  void addQuery(String name, String value, boolean callerControlled) {
    query.add(name, value);
    note(name, callerControlled, policyQuery);
  }

  /** Replaces query parameters by those of an encoded query. */
  void mergeQuery(String encoded) {
    query.merge(encoded);
  }

  private static void note(String name, boolean callerControlled, Set<String> ofPolicies) {
    if (callerControlled) {
      ofPolicies.remove(Lookup.lower(name));
    } else {
      ofPolicies.add(Lookup.lower(name));
    }
  }

  @Override
  boolean setHeader(String name, String value, boolean callerControlled) {
    boolean isSet = super.setHeader(name, value, callerControlled);
    if (isSet) {
      note(name, callerControlled, policyHeaders);
    }
    return isSet;
  }

  // ---- Where the request goes.

  String path() {
    return path;
  }

  void setPath(String path) {
    this.path = path;
  }

  /**
   * Replaces the service URL.
   *
   * @param ofConnection whether the host is the connection's own, or below a domain that is
   * @throws dev.connectorsdk.api.error.HostNotAllowedException if it is not, and neither the
   *     connection was made for it nor the host application allows it
   */
  void moveTo(HttpUrl url, boolean ofConnection) {
    HostRules hosts = values().additions().hosts();
    trusted = ofConnection || hosts.allow(url);
    if (!trusted && !chain.allows(url)) {
      throw hosts.refusal(url);
    }
    String address = url.toString();
    serviceUrl = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  /** Returns whether the host is trusted with the connection's credential. */
  boolean isTrusted() {
    return trusted;
  }

  /** Asks the service for something on the way, with the credential and host of this moment. */
  WireResponse ask(String method, String path, String encodedQuery) {
    EncodedQuery asked = new EncodedQuery(encodedQuery);
    asked.addFrom(query, pair -> queryOfAuthentication.contains(pair.name()));
    return chain.send(
        new WireRequest(method, url(path, asked), withoutContentType(), null), trusted);
  }

  private Headers withoutContentType() {
    return headers().newBuilder().removeAll("Content-Type").build();
  }

  private HttpUrl url(String path, EncodedQuery query) {
    if (DotSegments.in(path) || path.indexOf('\\') >= 0) {
      throw fault("(URL)", "a policy makes a path with '.', '..' or a backslash of it");
    }
    StringBuilder url = new StringBuilder(serviceUrl).append(path);
    query.appendTo(url);
    HttpUrl parsed = HttpUrl.parse(url.toString());
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
    return new WireRequest(
        method, url(path, query), headers(), written.length == 0 ? null : written);
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
   */
  WireRequest follow(HttpUrl link) {
    HttpUrl.Builder url = link.newBuilder();
    for (EncodedQuery.Pair pair : query.pairs()) {
      String name = PercentEncoding.decode(pair.name());
      if (policyQuery.contains(Lookup.lower(name)) && link.queryParameter(name) == null) {
        url.addEncodedQueryParameter(pair.name(), pair.value());
      }
    }
    return new WireRequest("GET", url.build(), withoutContentType(), null);
  }
}
