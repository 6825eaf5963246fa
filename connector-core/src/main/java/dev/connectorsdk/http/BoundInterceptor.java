package dev.connectorsdk.http;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.http.BoundCredential.Sent;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Binds an OkHttp client that somebody else's code uses: host rules, renewal of a refused
 * credential, limits. The credential itself is added by {@link BoundCredential}.
 */
final class BoundInterceptor implements Interceptor {

  private static final byte[] NO_BODY = {};

  private final BoundHttp http;

  BoundInterceptor(BoundHttp http) {
    this.http = http;
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    http.endpoint().requireAllowed(request.url());
    long deadline =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(http.budget().remainingMillis());
    InFlightCalls.Entry entry = http.transport().inFlight().enter(chain.call(), deadline);
    try {
      return limited(authenticated(chain, request));
    } finally {
      entry.leave();
    }
  }

  private Response authenticated(Chain chain, Request request) throws IOException {
    Sent sent = new Sent();
    Request observed = request.newBuilder().tag(Sent.class, sent).build();
    http.budget().countExchange();
    Response response = chain.proceed(observed);
    Authenticator authenticator = http.endpoint().authenticator();
    show(authenticator, request, response);
    if (!Repetition.refusesCredential(response.code(), response.header("WWW-Authenticate"))
        || authenticator == null
        || !sent.any()
        || isOneShot(request)
        || !authenticator.renew(sent.version(), http.budget().deadline())) {
      return response;
    }
    response.close();
    http.budget().countExchange();
    Response second = chain.proceed(observed);
    show(authenticator, request, second);
    return second;
  }

  /** The body is the caller's to read. */
  private void show(@Nullable Authenticator authenticator, Request request, Response response) {
    BiConsumer<URI, HttpResponse> observer =
        authenticator == null ? null : authenticator.observer();
    if (observer != null) {
      observer.accept(
          request.url().uri(),
          new BufferedResponse(http, request, response.code(), response.headers(), NO_BODY));
    }
  }

  private static boolean isOneShot(Request request) {
    RequestBody body = request.body();
    return body != null && body.isOneShot();
  }

  private Response limited(Response response) {
    return response
        .newBuilder()
        .body(new LimitedBody(response.body(), http.limits().maxResponseBytes()))
        .build();
  }
}
