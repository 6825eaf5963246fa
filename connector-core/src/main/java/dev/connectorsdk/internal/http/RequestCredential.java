package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.AuthRequest;
import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.api.internal.Origin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Lets an authenticator change a request that is about to be sent. */
public final class RequestCredential implements AuthRequest {

  private static final long MAX_SIGNED_BYTES = 64 * 1024 * 1024;

  private final String method;
  private final @Nullable RequestBody body;
  private final @Nullable TokenName token;
  private final CallBudget budget;
  private final Draft draft;
  private final @Nullable Endpoint endpoint;
  private Request.@Nullable Builder builder; // made when a strategy adds something
  private @Nullable HttpUrl url; // made when a strategy asks for it
  private Headers.@Nullable Builder sent; // made when a strategy asks what will be sent
  private @Nullable String cookies; // known once one is added
  private @Nullable Function<HttpResponse, Reaction> look;

  private RequestCredential(Draft draft, @Nullable Endpoint endpoint, CallBudget budget) {
    this.method = draft.method();
    this.body = draft.body();
    this.token = draft.token();
    this.budget = budget;
    this.draft = draft;
    this.endpoint = endpoint;
  }

  /**
   * A request with its credential.
   *
   * @param version the credential's
   * @param look what looks at the answer first, or {@code null} if nothing does
   */
  public record Signed(
      Request request, long version, @Nullable Function<HttpResponse, Reaction> look) {}

  /**
   * Has an authenticator add its credential.
   *
   * @throws InvalidInputException if the URL has a user name
   */
  public static Signed sign(Request request, Authenticator authenticator, CallBudget budget) {
    return sign(Draft.of(request), authenticator, null, budget);
  }

  /**
   * Does the same.
   *
   * @param endpoint what the credential is for, if it is known
   */
  static Signed sign(
      Draft draft, Authenticator authenticator, @Nullable Endpoint endpoint, CallBudget budget) {
    requireNoUser(draft.url());
    return signed(new RequestCredential(draft, endpoint, budget), authenticator);
  }

  /**
   * Does the same without making the URL of the request, if the credential has nothing to do with
   * it: then the request has none.
   */
  static Signed signWithoutUrl(
      Draft draft, Authenticator authenticator, Endpoint endpoint, CallBudget budget) {
    return draft.isUrlAsTargeted()
        ? signed(new RequestCredential(draft, endpoint, budget), authenticator)
        : sign(draft, authenticator, endpoint, budget);
  }

  private static void requireNoUser(HttpUrl url) {
    if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw new InvalidInputException(
          "a request", "(URL)", "has a user name, which only a connection can have");
    }
  }

  private static Signed signed(RequestCredential credential, Authenticator authenticator) {
    long version = authenticator.authenticate(credential);
    Request.Builder request = credential.builder();
    if (!credential.draft.isUrlAsTargeted()) {
      request.url(credential.url());
    }
    return new Signed(request.build(), version, credential.look);
  }

  private Request.Builder builder() {
    Request.Builder begun = builder;
    if (begun == null) {
      begun = draft.begin();
      builder = begun;
    }
    return begun;
  }

  private HttpUrl url() {
    HttpUrl known = url;
    if (known == null) {
      known = draft.url();
      url = known;
    }
    return known;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public @Nullable String token() {
    return token == null ? null : token.name();
  }

  /** OkHttp leaves characters as they are that a URI does not allow; then the URI is sent. */
  @Override
  public URI uri() {
    URI uri = url().uri();
    if (!uri.toString().equals(url().toString())) {
      HttpUrl strict = HttpUrl.get(uri);
      url = strict == null ? url() : strict;
    }
    return uri;
  }

  @Override
  public @Nullable String header(String name) {
    return sent().get(name);
  }

  @Override
  public List<String> headers(String name) {
    return sent().build().values(name);
  }

  @Override
  public List<String> headerNames() {
    return List.copyOf(sent().build().names());
  }

  /** OkHttp adds these after all others have had their say. */
  private Headers.Builder sent() {
    Headers.Builder headers = sent;
    if (headers == null) {
      headers = builder().build().headers().newBuilder();
      headers.set("Host", Origin.hostHeader(url().scheme(), url().host(), url().port()));
      if (body != null) {
        describe(body, headers);
      }
      sent = headers;
    }
    return headers;
  }

  private static void describe(RequestBody body, Headers.Builder headers) {
    MediaType type = body.contentType();
    if (type != null) {
      headers.set("Content-Type", type.toString());
    }
    long length = length(body);
    if (length >= 0) {
      headers.set("Content-Length", Long.toString(length));
    }
  }

  private static long length(RequestBody body) {
    try {
      return body.contentLength();
    } catch (UnreadableFile e) {
      throw e.failure();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void setHeader(String name, String value) {
    try {
      if (builder == null) {
        builder = draft.begin(endpoint, name, value);
      } else {
        builder.header(name, value);
      }
      if (sent != null) {
        sent.set(name, value);
      }
    } catch (IllegalArgumentException e) {
      // Its message can quote the value.
      throw HeaderRules.malformed(name, value);
    }
  }

  @Override
  public void setQueryParameter(String name, String value) {
    url = url().newBuilder().setQueryParameter(name, value).build();
  }

  @Override
  public void addCookie(String name, String value) {
    String before = cookies == null ? builder().build().header("Cookie") : cookies;
    cookies = before == null ? name + "=" + value : before + "; " + name + "=" + value;
    setHeader("Cookie", cookies);
  }

  @Override
  public void onAnswer(Function<HttpResponse, Reaction> look) {
    this.look = look;
  }

  @Override
  public Optional<Instant> deadline() {
    return Optional.of(budget.deadline());
  }

  @Override
  public byte[] body() {
    if (body == null) {
      return new byte[0];
    }
    if (length(body) > MAX_SIGNED_BYTES || !isRepeatable(body)) {
      throw new InvalidInputException(
          "a request that has to be signed",
          "(body)",
          "is larger than 64 MiB or a stream that can be read only once");
    }
    return OneShotBody.bytes(body);
  }

  private static boolean isRepeatable(RequestBody body) {
    return body instanceof OneShotBody own
        ? own.isRepeatable()
        : !body.isOneShot() && !body.isDuplex();
  }
}
