package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.auth.Authenticator;
import dev.connectorsdk.internal.http.RequestCredential.Signed;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

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

  /** What was sent last. Belongs to one call. */
  static final class Sent {
    private volatile @Nullable Signed last;

    @Nullable Signed last() {
      return last;
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
    Signed signed = RequestCredential.sign(request, authenticator, budget);
    Sent sent = request.tag(Sent.class);
    if (sent != null) {
      sent.last = signed;
    }
    return chain.proceed(signed.request()).newBuilder().request(request).build();
  }
}
