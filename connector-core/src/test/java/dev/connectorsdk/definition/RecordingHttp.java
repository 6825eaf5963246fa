package dev.connectorsdk.definition;

import dev.connectorsdk.api.ActionContext;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.error.ServiceException;
import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.api.http.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The least HTTP that an action needs, towards one server. Remembers the targets as they were
 * given; the JDK's client refuses those that are no URL and sends the others unchanged.
 */
final class RecordingHttp implements ConnectorHttp, ActionContext {

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final JsonMapper JSON = JsonMapper.shared();

  private final String baseUrl;
  private final List<String> targets = new ArrayList<>();

  RecordingHttp(String baseUrl) {
    this.baseUrl = baseUrl;
  }

  /** Returns the targets of all requests so far. */
  List<String> targets() {
    return targets;
  }

  @Override
  public HttpCall callEncoded(String method, String target) {
    targets.add(target);
    return new Call(method, URI.create(baseUrl + target));
  }

  @Override
  public URI baseUrl() {
    return URI.create(baseUrl);
  }

  @Override
  public HttpCall call(String method, String pathTemplate, Object... arguments) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    throw new IllegalArgumentException();
  }

  @Override
  public ConnectorHttp http() {
    return this;
  }

  @Override
  public Connection connection() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> idempotencyKey() {
    return Optional.empty();
  }

  private static final class Call implements HttpCall {

    private final String method;
    private final URI uri;
    private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private byte[] body = {};

    Call(String method, URI uri) {
      this.method = method;
      this.uri = uri;
    }

    @Override
    public HttpCall header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    @Override
    public HttpCall bytes(byte[] bytes, String contentType) {
      body = bytes;
      return header("Content-Type", contentType);
    }

    @Override
    public HttpCall multipart(List<Part> parts) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      for (Part part : parts) {
        StringBuilder head =
            new StringBuilder("--limit\r\nContent-Disposition: form-data; name=\"");
        head.append(part.name()).append('"');
        if (part.fileName() != null) {
          head.append("; filename=\"").append(part.fileName()).append('"');
        }
        if (part.contentType() != null) {
          head.append("\r\nContent-Type: ").append(part.contentType());
        }
        out.writeBytes(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
        out.writeBytes(part.content());
        out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
      }
      out.writeBytes("--limit--\r\n".getBytes(StandardCharsets.UTF_8));
      return bytes(out.toByteArray(), "multipart/form-data; boundary=limit");
    }

    @Override
    public HttpResponse send() {
      HttpRequest.Builder request = HttpRequest.newBuilder(uri);
      headers.forEach(request::header);
      request.method(
          method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
      try {
        Answer answer = new Answer(CLIENT.send(request.build(), BodyHandlers.ofByteArray()));
        if (answer.status() / 100 != 2) {
          throw new ServiceException(
              method + " " + uri.getHost(), answer.status(), answer.headers(), answer.text(), null);
        }
        return answer;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public HttpCall query(String name, Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall json(Object value) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall form(Map<String, ?> fields) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall text(String text, String contentType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall accepting(int... statuses) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HttpCall timeout(Duration timeout) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> Stream<T> pages(Paging paging, String itemsPointer, Class<T> items) {
      throw new UnsupportedOperationException();
    }
  }

  private record Answer(java.net.http.HttpResponse<byte[]> answer) implements HttpResponse {

    @Override
    public int status() {
      return answer.statusCode();
    }

    @Override
    public String header(String name) {
      return answer.headers().firstValue(name).orElse(null);
    }

    @Override
    public Map<String, List<String>> headers() {
      Map<String, List<String>> all = new TreeMap<>();
      answer.headers().map().forEach((k, v) -> all.put(k.toLowerCase(Locale.ROOT), v));
      return all;
    }

    @Override
    public String contentType() {
      String full = header("Content-Type");
      return full == null ? null : full.replaceAll(";.*", "").trim().toLowerCase(Locale.ROOT);
    }

    @Override
    public <T> T as(Class<T> type) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> List<T> asList(Class<T> elements) {
      throw new UnsupportedOperationException();
    }

    @Override
    public JsonNode json() {
      try {
        return JSON.readTree(bytes());
      } catch (JacksonException e) {
        throw new ResponseException("not JSON");
      }
    }

    @Override
    public String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes() {
      return answer.body();
    }
  }
}
