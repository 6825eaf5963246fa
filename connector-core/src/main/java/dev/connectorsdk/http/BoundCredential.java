package dev.connectorsdk.http;

import dev.connectorsdk.api.auth.Authenticator;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Adds the credential to a request of a bound OkHttp client, as late as possible: neither what the
 * client's user added to it, nor a redirect that the user allowed, can take it to another origin.
 *
 * <p>The answer that goes back names the request without the credential.
 */
final class BoundCredential implements Interceptor {

  private final Endpoint endpoint;
  private final CallBudget budget;

  BoundCredential(Endpoint endpoint, CallBudget budget) {
    this.endpoint = endpoint;
    this.budget = budget;
  }

  /** Which credential was sent last. Belongs to one call. */
  static final class Sent {
    private volatile boolean any;
    private volatile long version;

    boolean any() {
      return any;
    }

    long version() {
      return version;
    }
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    endpoint.requireAllowed(request.url());
    Authenticator authenticator = endpoint.authenticator();
    if (authenticator == null) {
      return chain.proceed(request);
    }
    RequestCredential.Signed signed = RequestCredential.sign(request, authenticator, budget);
    Sent sent = request.tag(Sent.class);
    if (sent != null) {
      sent.version = signed.version();
      sent.any = true;
    }
    return chain.proceed(signed.request()).newBuilder().request(request).build();
  }
}
