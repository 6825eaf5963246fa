package dev.connectorsdk.http;

import dev.connectorsdk.api.auth.Authenticator;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Binds an OkHttp client that somebody else's code uses: host rules, credentials, limits. */
final class BoundInterceptor implements Interceptor {

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
    Authenticator authenticator = http.endpoint().authenticator();
    http.budget().countExchange();
    if (authenticator == null) {
      return chain.proceed(request);
    }
    RequestCredential.Signed signed = RequestCredential.sign(request, authenticator);
    Response response = chain.proceed(signed.request());
    if (response.code() != 401 || isOneShot(request) || !authenticator.renew(signed.version())) {
      return response;
    }
    response.close();
    http.budget().countExchange();
    return chain.proceed(RequestCredential.sign(request, authenticator).request());
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
