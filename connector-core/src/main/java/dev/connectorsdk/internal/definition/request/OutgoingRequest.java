package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.api.internal.WireText;
import dev.connectorsdk.internal.http.EncodedTarget;
import dev.connectorsdk.internal.http.PathPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request between being built and being sent, in parts, so that each step can change them.
 *
 * <p>Not safe for use by several threads.
 */
public final class OutgoingRequest implements EncodedTarget {

  private static final String ACCEPT = "Accept";
  private static final String CONTENT_TYPE = "Content-Type";

  // Whether answers are packed is between client and server; they come unpacked.
  private static final String ENCODING = "Accept-Encoding";

  /**
   * A parameter of the query.
   *
   * @param encoded its value as it is sent
   */
  private record Field(String name, String encoded) {}

  /** What a request carries. */
  sealed interface Body {

    /** JSON, which a later step may still change. */
    record Json(JsonNode value, String contentType) implements Body {
      public Json {
        ContentTypes.requireOneLine(contentType);
      }
    }

    /** Bytes as they are. */
    @SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
    record Bytes(byte[] bytes, String contentType) implements Body {
      public Bytes {
        ContentTypes.requireOneLine(contentType);
      }
    }

    /** A file as it is. */
    record File(FileSource content, String contentType) implements Body {
      public File {
        ContentTypes.requireOneLine(contentType);
      }
    }

    /** {@code application/x-www-form-urlencoded}. */
    record Form(List<QueryParameter> fields) implements Body {}

    /** {@code multipart/form-data}. */
    record Multipart(List<Part> parts) implements Body {}
  }

  private final String method;
  private final RequestPath path;
  private final List<Field> query = new ArrayList<>(4);
  private @Nullable String accept; // as long as there is no other header
  private @Nullable Map<String, String> headers; // made for the first other one
  private @Nullable Body body;

  OutgoingRequest(String method, RequestPath path) {
    this.method = method;
    this.path = path;
  }

  /** Returns the path, encoded, starting with a slash. */
  public String path() {
    return path.toString();
  }

  /** Returns the encoded value of a path parameter, or {@code null} if there is none. */
  public @Nullable String pathValue(String name) {
    return path.value(name);
  }

  public Set<String> queryNames() {
    Set<String> names = new HashSet<>();
    query.forEach(field -> names.add(field.name()));
    return names;
  }

  public Set<String> headerNames() {
    return headers().keySet();
  }

  public void addQuery(String name, String value) {
    query.add(new Field(name, PercentEncoding.encode(value)));
  }

  /** Adds a list as one value: its items are encoded, what separates them as little as it may. */
  void addQuery(String name, List<String> items, String separator) {
    if (items.size() == 1) {
      addQuery(name, items.get(0));
      return;
    }
    String between = PercentEncoding.completeQuery(separator);
    query.add(
        new Field(
            name,
            items.stream().map(PercentEncoding::encode).collect(Collectors.joining(between))));
  }

  public void replaceQuery(List<QueryParameter> fields) {
    query.clear();
    fields.forEach(field -> addQuery(field.name(), field.value()));
  }

  void setHeader(String name, String value) {
    if (headers == null && name.equals(ACCEPT)) {
      accept = value;
    } else {
      headers().put(name, value);
    }
  }

  /** Most requests say what they accept, and nothing else. */
  private Map<String, String> headers() {
    Map<String, String> all = headers;
    if (all == null) {
      all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      if (accept != null) {
        all.put(ACCEPT, accept);
      }
      headers = all;
    }
    return all;
  }

  private void eachHeader(BiConsumer<String, String> taker) {
    if (headers != null) {
      headers.forEach(taker);
    } else if (accept != null) {
      taker.accept(ACCEPT, accept);
    }
  }

  void setBody(Body body) {
    this.body = body;
  }

  @Override
  public String target() {
    StringBuilder target = new StringBuilder(path.toString());
    char separator = '?';
    for (Field field : query) {
      target
          .append(separator)
          .append(PercentEncoding.encodeQueryName(field.name()))
          .append('=')
          .append(field.encoded());
      separator = '&';
    }
    return target.toString();
  }

  @Override
  public @Nullable PathPlan plan() {
    return path.plan();
  }

  @Override
  public void addTo(PathPlan.Url url) {
    path.addTo(url);
    eachQuery(url::addQuery);
  }

  /** Hands over the parameters of the query in their order, name and value encoded. */
  public void eachQuery(BiConsumer<String, String> taker) {
    for (int i = 0; i < query.size(); i++) {
      Field field = query.get(i);
      taker.accept(PercentEncoding.encodeQueryName(field.name()), field.encoded());
    }
  }

  /** Puts the headers, but those of the body, on another request. */
  public void headersOn(HttpCall call) {
    eachHeader(
        (name, value) -> {
          if (!name.equalsIgnoreCase(CONTENT_TYPE) && !name.equalsIgnoreCase(ENCODING)) {
            call.header(name, value);
          }
        });
  }

  /** Hands the request over, ready to be sent. */
  public HttpCall on(ConnectorHttp http) {
    HttpCall call = EncodedTarget.call(http, method, this);
    eachHeader(
        (name, value) -> {
          // A body brings its own, of which this one has become a part.
          boolean ofBody = body != null && name.equalsIgnoreCase(CONTENT_TYPE);
          if (!ofBody && !name.equalsIgnoreCase(ENCODING)) {
            call.header(name, value);
          }
        });
    if (body instanceof Body.Json json) {
      call.bytes(WireText.json(json.value(), json.contentType()), json.contentType());
    } else if (body instanceof Body.Bytes bytes) {
      call.bytes(bytes.bytes(), bytes.contentType());
    } else if (body instanceof Body.File file) {
      call.file(file.content().typed(file.contentType()));
    } else if (body instanceof Body.Form form) {
      call.bytes(FormEncoding.encode(form.fields()), ContentTypes.FORM);
    } else if (body instanceof Body.Multipart multipart) {
      call.multipart(multipart.parts());
    }
    return call;
  }
}
