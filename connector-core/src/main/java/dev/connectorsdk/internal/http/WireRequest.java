package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** A request as it leaves, credential included. Belongs to one attempt. */
public final class WireRequest {

  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private final String method;
  private final UrlDraft url;
  private final Headers headers;
  private final byte @Nullable [] body;

  /**
   * @param headers those of the body included
   * @param body the bytes, not copied; {@code null} for none
   */
  public WireRequest(String method, HttpUrl url, Headers headers, byte @Nullable [] body) {
    this(method, UrlDraft.of(url), headers, body);
  }

  private WireRequest(String method, UrlDraft url, Headers headers, byte @Nullable [] body) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
  }

  /**
   * Returns a request that was signed.
   *
   * @param url its URL
   */
  static WireRequest of(Request request, UrlDraft url) {
    RequestBody body = request.body();
    if (body == null) {
      return new WireRequest(request.method(), url, request.headers(), null);
    }
    Headers.Builder headers = request.headers().newBuilder();
    MediaType type = body.contentType();
    if (type != null) {
      headers.set("Content-Type", type.toString());
    }
    requireHeld(body);
    return new WireRequest(request.method(), url, headers.build(), OneShotBody.bytes(body));
  }

  /** Whoever looks at a request has all of it in memory. */
  private static void requireHeld(RequestBody body) {
    try {
      long length = body.contentLength();
      if (length < 0 || length > MOST_BYTES) {
        throw new InvalidInputException(
            "a request", "(file)", "is larger than the 64 MiB that policies and scripts work on");
      }
    } catch (UnreadableFile e) {
      throw e.failure();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the method. */
  public String method() {
    return method;
  }

  /** Returns the URL. */
  public HttpUrl url() {
    return url.url();
  }

  /**
   * Returns whether the URL is what the request was begun with, as an {@link EncodedTarget}: nobody
   * has added to it or asked for it.
   */
  public boolean isAsTargeted() {
    return url.isAsTargeted();
  }

  /** Returns the URL with parameters added to its query, encoded. */
  public HttpUrl urlPlus(Consumer<BiConsumer<String, @Nullable String>> more) {
    return url.plus(more);
  }

  /** Returns the URL with another query. */
  public HttpUrl urlWith(Consumer<HttpUrl.Builder> more) {
    return url.with(more);
  }

  /** Returns the headers, those of the body included. */
  public Headers headers() {
    return headers;
  }

  /** Returns the bytes of the body, not copied; {@code null} if there is none. */
  public byte @Nullable [] body() {
    return body;
  }

  Request toRequest() {
    Methods.requireSendable(method);
    byte[] bytes = body;
    OneShotBody content =
        Methods.isWithoutBody(method)
            ? null
            : OneShotBody.of(bytes == null ? new byte[0] : bytes, null);
    return new Request.Builder().url(url()).headers(headers).method(method, content).build();
  }

  /** Returns method and host: everything else may hold a secret. */
  @Override
  public String toString() {
    return method + " " + url().host();
  }
}
