package dev.connectorsdk.definition;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.request.ContentTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a request becomes under policies, as a reader of the documentation works it out: texts are
 * replaced by regular expressions, members of the body are found by JSON pointers.
 */
final class ExpectedRequest {

  private static final Pattern CALL =
      Pattern.compile(
          "(?:@\\{?|\\{@?)(connectionParameters|queryParameters|headers?)"
              + "\\(\\s*'([^']*)'\\s*(?:,\\s*'([^']*)'\\s*)?\\)}?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME = Pattern.compile("\\{([^{}@\"':,\\[\\]]+)}");
  private static final Set<String> NOT_COMPARED =
      Set.of("host", "content-length", "accept-encoding", "user-agent", "transfer-encoding");

  private final Map<String, String> connection;
  private final Map<String, String> pathValues = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> query = new ArrayList<>();
  private final ExpectedBody body;
  private String method;
  private String base;
  private String path;

  /**
   * @param plain what is sent without policies
   * @param basePath of the definition, without a slash at the end
   * @param template the path of the operation
   * @param connection what the connection's owner entered, by name in lower case
   */
  ExpectedRequest(Request plain, String basePath, String template, Map<String, String> connection) {
    this.connection = connection;
    this.method = plain.method();
    HttpUrl url = plain.url();
    String whole = url.encodedPath();
    this.path = whole.substring(basePath.length());
    String text = url.toString();
    this.base = text.substring(0, text.indexOf('/', text.indexOf("://") + 3)) + basePath;
    this.query.addAll(pairs(url.encodedQuery()));
    plain.headers().forEach(h -> headers.merge(h.getFirst(), h.getSecond(), (a, b) -> a + "," + b));
    if (plain.body() != null && plain.body().contentType() != null) {
      headers.put("Content-Type", plain.body().contentType().toString());
    }
    this.body = new ExpectedBody(bytes(plain), headers.get("Content-Type"));
    readPathValues(template);
  }

  private void readPathValues(String template) {
    String[] names = template.split("/", -1);
    String[] values = path.split("/", -1);
    for (int i = 0; i < names.length && names.length == values.length; i++) {
      Matcher name = NAME.matcher(names[i]);
      if (name.matches()) {
        pathValues.put(name.group(1).trim(), values[i]);
      }
    }
  }

  private static List<String> pairs(@Nullable String encodedQuery) {
    return encodedQuery == null || encodedQuery.isEmpty()
        ? List.of()
        : Arrays.stream(encodedQuery.split("&"))
            .map(pair -> PercentEncoding.decode(pair.contains("=") ? pair : pair + "="))
            .toList();
  }

  private static byte[] bytes(Request request) {
    Buffer buffer = new Buffer();
    try {
      if (request.body() != null) {
        request.body().writeTo(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.readByteArray();
  }

  /**
   * Applies one policy.
   *
   * @param fetched what the service answers to requests on the way
   */
  void apply(JsonNode policy, JsonNode fetched) {
    JsonNode arguments = policy.path("parameters");
    UnaryOperator<String> argument =
        name -> arguments.path("x-ms-apimTemplateParameter." + name).asString("");
    switch (policy.path("templateId").asString("").toLowerCase(Locale.ROOT)) {
      case "dynamichosturl", "dynamicsubdomain" -> base = address(argument.apply("urlTemplate"));
      case "setheader" -> setHeader(argument);
      case "setqueryparameter" -> setQuery(argument);
      case "routerequesttoendpoint" -> route(argument);
      case "setvaluefromurl" -> fetch(argument, fetched);
      default -> body.apply(policy, method);
    }
  }

  private String filled(String template, UnaryOperator<String> encoding) {
    return CALL.matcher(template)
        .replaceAll(call -> Matcher.quoteReplacement(encoding.apply(value(call))));
  }

  private String value(MatchResult call) {
    String name = call.group(2);
    String value =
        switch (call.group(1).toLowerCase(Locale.ROOT)) {
          case "connectionparameters" -> connection.get(name.toLowerCase(Locale.ROOT));
          case "queryparameters" -> queryValue(name);
          default -> headers.get(name);
        };
    String otherwise = call.group(3) == null ? "" : call.group(3);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private @Nullable String queryValue(String name) {
    String start = name.toLowerCase(Locale.ROOT) + "=";
    return query.stream()
        .filter(pair -> pair.toLowerCase(Locale.ROOT).startsWith(start))
        .map(pair -> pair.substring(start.length()))
        .findFirst()
        .orElse(null);
  }

  private String address(String template) {
    String address = filled(template, value -> value).trim();
    address = address.replaceFirst("^(https?://)https?://", "$1");
    address = (address.contains("://") ? address : "https://" + address).replaceAll("/+$", "");
    address = address.replaceAll("(?<!:)//", "/");
    int slash = address.indexOf('/', address.indexOf("://") + 3);
    String host = slash < 0 ? address : address.substring(0, slash);
    return host.toLowerCase(Locale.ROOT) + address.substring(host.length());
  }

  private void setHeader(UnaryOperator<String> argument) {
    String name = argument.apply("name").trim();
    String value = filled(argument.apply("value"), v -> v).trim();
    String there = headers.get(name);
    String exists = argument.apply("existsAction").toLowerCase(Locale.ROOT);
    if (there != null && exists.equals("skip")) {
      return;
    }
    if (value.isEmpty() && name.matches("(?i)authorization|content-type")) {
      headers.remove(name);
    } else {
      headers.put(
          name,
          exists.equals("append") && there != null && !there.isEmpty()
              ? there + "," + value
              : value);
    }
  }

  private void setQuery(UnaryOperator<String> argument) {
    String name = PercentEncoding.decode(argument.apply("name").trim());
    String exists = argument.apply("existsAction").toLowerCase(Locale.ROOT);
    String value = filled(argument.apply("value"), v -> v);
    if (exists.equals("skip") && queryValue(name) != null) {
      return;
    }
    if (!exists.equals("append")) {
      removeQuery(name);
    }
    query.add(name + "=" + value);
  }

  private void removeQuery(String name) {
    String start = name.toLowerCase(Locale.ROOT) + "=";
    query.removeIf(pair -> pair.toLowerCase(Locale.ROOT).startsWith(start));
  }

  private void route(UnaryOperator<String> argument) {
    String[] target = pathAndQuery(argument.apply("newPath"));
    path = target[0];
    for (String pair : pairs(target[1])) {
      removeQuery(pair.substring(0, pair.indexOf('=')));
    }
    query.addAll(pairs(target[1]));
    String other = argument.apply("httpMethod");
    method = other.matches("[A-Za-z]+") ? other.toUpperCase(Locale.ROOT) : method;
  }

  private String[] pathAndQuery(String template) {
    String withNames =
        NAME.matcher(template)
            .replaceAll(
                name ->
                    Matcher.quoteReplacement(
                        pathValues.getOrDefault(name.group(1).trim(), name.group())));
    String[] target = withNames.split("\\?", 2);
    String newPath = filled(target[0], ExpectedRequest::encoded);
    String newQuery = target.length < 2 ? null : filled(target[1], ExpectedRequest::encoded);
    return new String[] {newPath.startsWith("/") ? newPath : "/" + newPath, newQuery};
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private void fetch(UnaryOperator<String> argument, JsonNode fetched) {
    String value =
        fetched.at(ExpectedBody.pointer(argument.apply("parameterValuePathTemplate"))).asString("");
    String target = argument.apply("parameterTemplate");
    String name = target.substring(target.indexOf('\'') + 1, target.lastIndexOf('\''));
    if (target.toLowerCase(Locale.ROOT).contains("headers")) {
      headers.put(name, value);
    } else {
      removeQuery(name);
      query.add(name + "=" + value);
    }
  }

  /** Returns what is otherwise in a request, or {@code null} if nothing is. */
  @Nullable String differenceTo(Request request) {
    String url = request.url().toString();
    if (!method.equals(request.method())) {
      return "the method is " + request.method() + ", not " + method;
    }
    HttpUrl place = HttpUrl.parse(base + path);
    if (place == null || !place.toString().equals(url.replaceFirst("\\?.*", ""))) {
      return "went to " + url + ", not to " + base + path;
    }
    List<String> sent = pairs(request.url().encodedQuery());
    if (!sent.stream().sorted().toList().equals(query.stream().sorted().toList())) {
      return "the query is " + sent + ", not " + query;
    }
    String difference = differenceOfHeaders(request);
    if (difference != null) {
      return difference;
    }
    String type = headers.get("Content-Type");
    return body.differenceTo(bytes(request), type != null && ContentTypes.isForm(type));
  }

  private @Nullable String differenceOfHeaders(Request request) {
    Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.headers().forEach(h -> sent.merge(h.getFirst(), h.getSecond(), (a, b) -> a + "," + b));
    if (request.body() != null && request.body().contentType() != null) {
      sent.put("Content-Type", request.body().contentType().toString());
    }
    Map<String, String> wanted = compared(headers);
    Map<String, String> actual = compared(sent);
    return wanted.equals(actual) ? null : "the headers are " + actual + ", not " + wanted;
  }

  private static Map<String, String> compared(Map<String, String> headers) {
    return headers.entrySet().stream()
        .filter(header -> !NOT_COMPARED.contains(header.getKey().toLowerCase(Locale.ROOT)))
        .collect(
            Collectors.toMap(
                header -> header.getKey().toLowerCase(Locale.ROOT),
                header -> header.getValue().replaceFirst("boundary=.*", "")));
  }
}
