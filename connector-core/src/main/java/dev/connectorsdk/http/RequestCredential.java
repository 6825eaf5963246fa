package dev.connectorsdk.http;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.jspecify.annotations.Nullable;

/** Lets an authenticator change a request that is about to be sent. */
final class RequestCredential implements AuthRequest {

  private final Request request;
  private final Request.Builder builder;
  private HttpUrl url;
  private @Nullable String cookies;

  private RequestCredential(Request request) {
    this.request = request;
    this.builder = request.newBuilder();
    this.url = request.url();
    this.cookies = request.header("Cookie");
  }

  /** A request with its credential, and the credential's version. */
  record Signed(Request request, long version) {}

  static Signed sign(Request request, Authenticator authenticator) {
    RequestCredential credential = new RequestCredential(request);
    long version = authenticator.authenticate(credential);
    return new Signed(credential.builder.build(), version);
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public URI uri() {
    return url.uri();
  }

  @Override
  public @Nullable String header(String name) {
    return request.header(name);
  }

  @Override
  public List<String> headers(String name) {
    return request.headers(name);
  }

  @Override
  public void setHeader(String name, String value) {
    try {
      builder.header(name, value);
    } catch (IllegalArgumentException e) {
      // Its message can quote the value.
      throw HeaderRules.malformed(name, value);
    }
  }

  @Override
  public void setQueryParameter(String name, String value) {
    url = url.newBuilder().setQueryParameter(name, value).build();
    builder.url(url);
  }

  @Override
  public void addCookie(String name, String value) {
    cookies = cookies == null ? name + "=" + value : cookies + "; " + name + "=" + value;
    setHeader("Cookie", cookies);
  }

  @Override
  public byte[] body() {
    RequestBody body = request.body();
    if (body == null) {
      return new byte[0];
    }
    Buffer buffer = new Buffer();
    try {
      body.writeTo(buffer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return buffer.readByteArray();
  }
}
