package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/**
 * A request as it leaves, credential included.
 *
 * @param headers those of the body included
 * @param body the bytes, not copied; {@code null} for none
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are large: they are handed on, not copied.
public record WireRequest(String method, HttpUrl url, Headers headers, byte @Nullable [] body) {

  private static final long MOST_BYTES = 64L * 1024 * 1024;

  static WireRequest of(Request request) {
    RequestBody body = request.body();
    if (body == null) {
      return new WireRequest(request.method(), request.url(), request.headers(), null);
    }
    Headers.Builder headers = request.headers().newBuilder();
    MediaType type = body.contentType();
    if (type != null) {
      headers.set("Content-Type", type.toString());
    }
    requireHeld(body);
    return new WireRequest(
        request.method(), request.url(), headers.build(), OneShotBody.bytes(body));
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

  Request toRequest() {
    Methods.requireSendable(method);
    byte[] bytes = body;
    OneShotBody content =
        Methods.isWithoutBody(method)
            ? null
            : OneShotBody.of(bytes == null ? new byte[0] : bytes, null);
    return new Request.Builder().url(url).headers(headers).method(method, content).build();
  }

  /** Returns method and host: everything else may hold a secret. */
  @Override
  public String toString() {
    return method + " " + url.host();
  }
}
