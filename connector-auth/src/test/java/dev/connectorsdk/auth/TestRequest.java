package dev.connectorsdk.auth;

import dev.connectorsdk.api.auth.AuthRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that shows what was put into it. */
final class TestRequest implements AuthRequest {

  final Map<String, String> headers = new LinkedHashMap<>();
  final Map<String, String> query = new LinkedHashMap<>();
  final List<String> cookies = new ArrayList<>();

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public URI uri() {
    return URI.create("https://api.example.com/tickets");
  }

  @Override
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public List<String> headers(String name) {
    String value = headers.get(name);
    return value == null ? List.of() : List.of(value);
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
    return new byte[0];
  }
}
