package dev.connectorsdk.internal.http;

import dev.connectorsdk.internal.http.BoundCredential.Sent;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

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
    InFlightCalls.Entry entry =
        http.transport().inFlight().enter(chain.call(), deadline, http.isForStrategy());
    try {
      return limited(authenticated(chain, request));
    } finally {
      entry.leave();
    }
  }

  private Response authenticated(Chain chain, Request request) throws IOException {
    Sent sent = new Sent();
    Request observed = request.newBuilder().tag(Sent.class, sent).build();
    CredentialRenewal renewal = new CredentialRenewal(http);
    while (true) {
      http.budget().countExchange();
      Response response = IdleConnections.passingEnded(() -> chain.proceed(observed));
      boolean again = false;
      try {
        again = renewal.helpsAfter(sent.last(), shown(request, response)) && !isOneShot(request);
      } catch (IOException | RuntimeException e) {
        response.close();
        throw e;
      }
      if (!again) {
        return response;
      }
      response.close();
    }
  }

  /** The body is the caller's to read; a look at an error's start takes nothing away. */
  private BufferedResponse shown(Request request, Response response) throws IOException {
    byte[] body =
        response.isSuccessful() ? NO_BODY : response.peekBody(Exchange.MAX_ERROR_BYTES).bytes();
    return new BufferedResponse(http, request, response.code(), response.headers(), body);
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
