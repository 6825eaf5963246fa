package dev.connectorsdk.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.internal.PercentEncoding;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A request that shows what was put into it. */
class TestRequest implements AuthRequest {

  final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  final Map<String, String> query = new LinkedHashMap<>();
  final List<String> cookies = new ArrayList<>();
  @Nullable String token;
  private @Nullable Instant deadline;

  /** Makes it part of a call that is out of time then. */
  TestRequest until(Instant deadline) {
    this.deadline = deadline;
    return this;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.ofNullable(deadline);
  }

  private final String method;
  private final String url;
  private final byte[] body;

  /** Makes a GET request that has no headers yet. */
  TestRequest() {
    this("GET", "https://api.example.com/tickets", "");
    headers.clear();
  }

  TestRequest(String method, String url, String body) {
    this.method = method;
    this.url = url;
    this.body = body.getBytes(UTF_8);
    headers.put("Host", uri().getRawAuthority());
    if (!body.isEmpty()) {
      headers.put("Content-Length", Integer.toString(this.body.length));
    }
  }

  /** Adds a header; several values of one name are separated by line breaks. */
  TestRequest with(String name, String value) {
    headers.merge(name, value, (before, more) -> before + "\n" + more);
    return this;
  }

  @Override
  public @Nullable String token() {
    return token;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public URI uri() {
    String separator = url.contains("?") ? "&" : "?";
    String more =
        query.entrySet().stream()
            .map(set -> set.getKey() + "=" + PercentEncoding.encode(set.getValue()))
            .collect(Collectors.joining("&"));
    return URI.create(more.isEmpty() ? url : url + separator + more);
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    String value = headers.get(name);
    return value == null ? List.of() : List.of(value.split("\n"));
  }

  @Override
  public List<String> headerNames() {
    return List.copyOf(headers.keySet());
  }

  @Override
  public void setHeader(String name, String value) {
    headers.put(name, value);
  }

  @Override
  public void setQueryParameter(String name, String value) {
    query.put(name, value);
  }

  @Override
  public void addCookie(String name, String value) {
    cookies.add(name + "=" + value);
  }

  @Override
  public byte[] body() {
    return body;
  }
}
