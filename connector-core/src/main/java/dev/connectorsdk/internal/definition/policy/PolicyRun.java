package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PercentEncoding;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.policy.PolicyText.Piece;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import dev.connectorsdk.internal.definition.request.FormEncoding;
import dev.connectorsdk.internal.definition.request.ParameterPlace;
import dev.connectorsdk.internal.http.Stage;
import dev.connectorsdk.internal.http.WireRequest;
import dev.connectorsdk.internal.http.WireResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One attempt of a request on its way through the policies: each changes what the ones before left.
 *
 * <p>It holds credentials; it is made for one attempt, and prints nothing of them.
 */
final class PolicyRun {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Headers that describe the transport, which is not a policy's to decide. */
  private static final Set<String> FRAMING =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "upgrade",
          "te",
          "trailer",
          "expect",
          "accept-encoding");

  /** A query parameter, encoded. */
  private record Field(String name, String value) {

    boolean is(String decoded) {
      return decodedName().equalsIgnoreCase(decoded);
    }

    String decodedName() {
      return PercentEncoding.decode(name.replace("+", "%20"));
    }

    String text() {
      return PercentEncoding.decode(value.replace("+", "%20"));
    }
  }

  /** What a policy may know beyond the message. */
  interface Values {

    /** Returns a connection parameter, secrets included, or {@code null}. */
    @Nullable String connectionParameter(String name);

    /** Returns an environment variable, or {@code null}. */
    @Nullable String environmentVariable(String name);

    /** Returns the encoded value of a path parameter, or {@code null} if there is none. */
    @Nullable String pathParameter(String name);

    /** Returns whether the caller chose freely what stands in this header or query parameter. */
    boolean isCallers(ParameterPlace in, String name, String value);
  }

  private final String operation;
  private final Values values;
  private final Stage.Line line;
  private final String method;
  private final List<Field> query = new ArrayList<>();
  private final Set<String> queryOfAuthentication = new HashSet<>();
  private final Set<String> policyHeaders = new HashSet<>();
  private final Set<String> policyQuery = new HashSet<>();
  private Headers.Builder headers;
  private String serviceUrl;
  private boolean vouched;
  private String path;
  private byte @Nullable [] body;
  private @Nullable JsonNode json;
  private boolean jsonRead;
  private boolean jsonChanged;

  private boolean answering;
  private Headers requestHeaders = Headers.of();

  /**
   * @param serviceUrl without a slash at the end
   * @param path encoded, below the service URL
   * @param ownQuery names of the query parameters that the operation itself sends
   */
  PolicyRun(
      String operation,
      Values values,
      Stage.Line line,
      WireRequest request,
      String serviceUrl,
      String path,
      Set<String> ownQuery) {
    this.operation = operation;
    this.values = values;
    this.line = line;
    this.method = request.method();
    this.headers = request.headers().newBuilder();
    this.serviceUrl = serviceUrl;
    this.path = path;
    this.body = request.body();
    String encoded = request.url().encodedQuery();
    for (Field field : fields(encoded == null ? "" : encoded)) {
      query.add(field);
      if (!ownQuery.contains(PercentEncoding.decode(field.name()))) {
        queryOfAuthentication.add(field.name());
      }
    }
  }

  private static List<Field> fields(String query) {
    List<Field> fields = new ArrayList<>();
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        fields.add(
            equals < 0
                ? new Field(pair, "")
                : new Field(pair.substring(0, equals), pair.substring(equals + 1)));
      }
    }
    return fields;
  }

  // ---- What templates ask for.

  /** Returns what a piece of a text stands for, as text. */
  String text(Piece piece, @Nullable JsonNode item) {
    if (piece instanceof Call call) {
      String text = lookUp(call, item);
      return text == null || text.isEmpty() ? call.otherwise() : text;
    }
    return piece instanceof PolicyText.Name name
        ? "{" + name.name() + "}"
        : ((PolicyText.Literal) piece).text();
  }

  String text(PolicyText text, @Nullable JsonNode item) {
    return text.fill(piece -> text(piece, item));
  }

  private @Nullable String lookUp(Call call, @Nullable JsonNode item) {
    return switch (call.source()) {
      case HEADERS -> header(call.name());
      case QUERY -> queryParameter(call.name());
      case CONNECTION -> values.connectionParameter(call.name());
      case ENVIRONMENT -> values.environmentVariable(call.name());
      case BODY, ITEM -> {
        JsonNode found = node(call, item);
        String text = found == null || found.isNull() ? null : Scalars.text(found);
        yield text != null || found == null || found.isNull() ? text : found.toString();
      }
    };
  }

  /** Returns what a path into the body or an item leads to, or {@code null}. */
  @Nullable JsonNode node(Call call, @Nullable JsonNode item) {
    return call.path().find(call.source() == PolicyText.Source.ITEM ? item : json());
  }

  /** Returns whether the value of a piece was freely chosen by the caller. */
  boolean isCallers(Piece piece) {
    if (!(piece instanceof Call call)) {
      return piece instanceof PolicyText.Name;
    }
    return switch (call.source()) {
      case CONNECTION, ENVIRONMENT -> false;
      case BODY, ITEM -> true;
      case HEADERS -> {
        String value = header(call.name());
        yield value != null
            && !policyHeaders.contains(Lookup.lower(call.name()))
            && values.isCallers(ParameterPlace.HEADER, call.name(), value);
      }
      case QUERY -> {
        String value = queryParameter(call.name());
        yield value != null
            && !policyQuery.contains(Lookup.lower(call.name()))
            && values.isCallers(ParameterPlace.QUERY, call.name(), value);
      }
    };
  }

  @Nullable String pathParameter(String name) {
    return values.pathParameter(name);
  }

  // ---- Headers and query.

  @Nullable String header(String name) {
    String value = headers.get(name);
    return value == null && answering ? requestHeaders.get(name) : value;
  }

  /**
   * Sets a header; an empty value takes away those that mean nothing when empty.
   *
   * @param fromCaller whether its value was freely chosen by the caller
   */
  void setHeader(String name, String value, boolean fromCaller) {
    String lower = Lookup.lower(name);
    if (FRAMING.contains(lower) || lower.startsWith("proxy-")) {
      return;
    }
    if (fromCaller) {
      policyHeaders.remove(lower);
    } else {
      policyHeaders.add(lower);
    }
    if (value.isEmpty() && (lower.equals("authorization") || lower.equals("content-type"))) {
      headers.removeAll(name);
      return;
    }
    try {
      headers.set(name, value);
    } catch (IllegalArgumentException quotesTheValue) {
      throw fault(
          "the header '" + name + "', which a policy sets",
          "holds a character that is not allowed");
    }
  }

  @Nullable String queryParameter(String name) {
    return query.stream().filter(f -> f.is(name)).map(Field::text).findFirst().orElse(null);
  }

  /** Sets a query parameter in the place of all of its name. */
  void setQuery(String name, String value, boolean fromCaller) {
    query.removeIf(f -> f.is(name));
    addQuery(name, value, fromCaller);
  }

  void addQuery(String name, String value, boolean fromCaller) {
    query.add(new Field(PercentEncoding.queryName(name), PercentEncoding.value(value)));
    if (fromCaller) {
      policyQuery.remove(Lookup.lower(name));
    } else {
      policyQuery.add(Lookup.lower(name));
    }
  }

  // ---- Where the request goes.

  String path() {
    return path;
  }

  void setPath(String path) {
    this.path = path;
  }

  /** Replaces query parameters by those of an encoded query. */
  void mergeQuery(String encoded) {
    List<Field> added = fields(encoded);
    for (Field field : added) {
      query.removeIf(f -> f.is(field.decodedName()));
    }
    query.addAll(added);
  }

  /**
   * Replaces the service URL.
   *
   * @param vouched whether the host is the connection's own
   */
  void moveTo(String serviceUrl, boolean vouched) {
    this.serviceUrl = serviceUrl;
    this.vouched = vouched;
  }

  boolean allows(HttpUrl url) {
    return line.allows(url);
  }

  private HttpUrl url(String path, List<Field> query) {
    StringBuilder url = new StringBuilder(serviceUrl).append(path);
    char separator = '?';
    for (Field field : query) {
      url.append(separator).append(field.name()).append('=').append(field.value());
      separator = '&';
    }
    for (String segment : path.split("/", -1)) {
      String decoded = PercentEncoding.decode(segment);
      if (decoded.equals(".") || decoded.equals("..") || segment.indexOf('\\') >= 0) {
        throw fault("(URL)", "a policy makes a path with '.', '..' or a backslash of it");
      }
    }
    HttpUrl parsed = HttpUrl.parse(url.toString());
    if (parsed == null) {
      throw fault("(URL)", "a policy makes no URL of it");
    }
    return parsed;
  }

  boolean isVouched() {
    return vouched;
  }

  /** Asks the service for something on the way, with the credential and host of this moment. */
  WireResponse ask(String method, String path, String encodedQuery) {
    List<Field> fields = new ArrayList<>(fields(encodedQuery));
    query.stream().filter(f -> queryOfAuthentication.contains(f.name())).forEach(fields::add);
    Headers.Builder own = headers.build().newBuilder();
    own.removeAll("Content-Type");
    return line.send(new WireRequest(method, url(path, fields), own.build(), null), vouched);
  }

  // ---- The body.

  /** Returns the body as JSON, or {@code null} if it is none. */
  @Nullable JsonNode json() {
    if (!jsonRead) {
      jsonRead = true;
      json = read();
    }
    return json;
  }

  private @Nullable JsonNode read() {
    byte[] bytes = body;
    String type = headers.get("Content-Type");
    if (bytes == null
        || bytes.length == 0
        || (type != null && !ContentTypes.isJson(type) && !ContentTypes.isText(type))) {
      return null;
    }
    try {
      JsonNode read = JSON.readTree(bytes);
      return read.isMissingNode() ? null : read;
    } catch (JacksonException notJson) {
      return null;
    }
  }

  void setJson(JsonNode value) {
    json = value;
    jsonRead = true;
    jsonChanged = true;
  }

  void jsonWasChanged() {
    jsonChanged = true;
  }

  /** Returns whether the message is the service's answer, to which nothing missing is added. */
  boolean isAnswer() {
    return answering;
  }

  /** Returns whether there is no body at all, so that one may be begun. */
  boolean mayBeginBody() {
    byte[] bytes = body;
    return !answering
        && (bytes == null || bytes.length == 0)
        && !method.equals("GET")
        && !method.equals("HEAD");
  }

  private byte @Nullable [] finishedBody() {
    JsonNode value = json;
    String type = headers.get("Content-Type");
    if (!answering && type != null && ContentTypes.isForm(type)) {
      // The policy changed the type of what is JSON still.
      JsonNode object = looksLikeJson() ? jsonOfAnyType() : null;
      if (object != null && object.isObject()) {
        return FormEncoding.encode(object);
      }
    }
    if (!jsonChanged || value == null) {
      return body;
    }
    if (type == null) {
      headers.set("Content-Type", ContentTypes.JSON);
    }
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  private boolean looksLikeJson() {
    byte[] bytes = body;
    return jsonChanged || (bytes != null && bytes.length > 0 && bytes[0] == '{');
  }

  private @Nullable JsonNode jsonOfAnyType() {
    if (jsonChanged) {
      return json;
    }
    try {
      return JSON.readTree(body == null ? new byte[0] : body);
    } catch (JacksonException notJson) {
      return null;
    }
  }

  // ---- The ends.

  /** Returns the request as the policies left it. */
  WireRequest request() {
    byte[] finished = finishedBody();
    return new WireRequest(method, url(path, query), headers.build(), finished);
  }

  /**
   * Returns the same headers, and what policies put into the query by the connection's parameters,
   * on another URL: that of a further page or of the state of long work.
   */
  WireRequest follow(HttpUrl link) {
    HttpUrl.Builder url = link.newBuilder();
    for (Field field : query) {
      if (policyQuery.contains(Lookup.lower(PercentEncoding.decode(field.name())))
          && link.queryParameter(PercentEncoding.decode(field.name())) == null) {
        url.addEncodedQueryParameter(field.name(), field.value());
      }
    }
    Headers.Builder own = headers.build().newBuilder();
    own.removeAll("Content-Type");
    return new WireRequest("GET", url.build(), own.build(), null);
  }

  /** Turns to the answer, on which the policies of that section work. */
  void turnTo(WireResponse answer) {
    answering = true;
    requestHeaders = headers.build();
    headers = answer.headers().newBuilder();
    body = answer.body();
    json = null;
    jsonRead = false;
    jsonChanged = false;
  }

  /** Returns the answer as the policies left it. */
  WireResponse answer(int status) {
    byte[] finished = finishedBody();
    return new WireResponse(status, headers.build(), finished == null ? new byte[0] : finished);
  }

  InvalidInputException fault(String place, String problem) {
    return new InvalidInputException(
        "operation '" + operation + "'", List.of(new Fault(place, problem)));
  }

  /** Returns the operation's id: everything else may be secret. */
  @Override
  public String toString() {
    return operation;
  }
}
