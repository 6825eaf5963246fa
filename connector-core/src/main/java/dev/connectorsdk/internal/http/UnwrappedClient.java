package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.http.HttpLimits;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/**
 * A client for code that is not ours, whose requests are carried out by a client that is: what is
 * added to this one sees no credential, and has no say in where a request goes.
 *
 * <p>It shows nothing of the host's client. Application interceptors, event listeners, a
 * dispatcher, timeouts and the wish to follow redirects count; anything else is refused at the
 * first call, since it would have no effect.
 */
final class UnwrappedClient extends OkHttpClient {

  private static final String WHAT = "an unwrapped client";

  private final HandedCall.Way way;

  /**
   * @param plain whose TLS settings it shows, and nothing else
   */
  UnwrappedClient(
      OkHttpClient plain, Dispatcher dispatcher, HttpLimits limits, HandedCall.Way way) {
    super(settings(plain, dispatcher, limits).addInterceptor(new HandOver(way)));
    this.way = way;
  }

  private static OkHttpClient.Builder settings(
      OkHttpClient plain, Dispatcher dispatcher, HttpLimits limits) {
    return plain
        .newBuilder()
        .dispatcher(dispatcher)
        .connectionPool(new ConnectionPool())
        .connectTimeout(limits.connectTimeout())
        .readTimeout(limits.readTimeout())
        .writeTimeout(limits.readTimeout())
        .retryOnConnectionFailure(false)
        .followRedirects(false)
        .followSslRedirects(false);
  }

  /** OkHttp does not say what a client was made of, so each builder has an end of its own. */
  @Override
  public Builder newBuilder() {
    Builder builder = super.newBuilder();
    builder.interceptors().set(0, new ChangedHandOver(this, builder));
    return builder;
  }

  /** A web socket outlives the request that opens it, and all limits with it. */
  @Override
  public WebSocket newWebSocket(Request request, WebSocketListener listener) {
    throw new InvalidInputException(WHAT, "webSocket", "cannot be opened");
  }

  /** The end of the calls of a client that nobody has changed. */
  private record HandOver(HandedCall.Way way) implements Interceptor {

    @Override
    public Response intercept(Chain chain) throws IOException {
      return way.send(new HandedCall(chain));
    }
  }

  /** The end of the calls of a client that was made by a builder. */
  private record ChangedHandOver(UnwrappedClient ours, Builder builder) implements Interceptor {

    @Override
    public Response intercept(Chain chain) throws IOException {
      requireUnchanged(chain);
      OkHttpClient changed = builder.build();
      requireUnchanged(changed);
      List<Interceptor> all = changed.interceptors();
      List<Interceptor> after = all.subList(all.indexOf(this) + 1, all.size());
      return after.isEmpty() ? ours.way.send(new HandedCall(chain)) : after(after, changed, chain);
    }

    /** Those that were added at the end get their turn before the request is handed over. */
    private Response after(List<Interceptor> interceptors, OkHttpClient changed, Chain chain)
        throws IOException {
      Builder last = changed.newBuilder().eventListener(okhttp3.EventListener.NONE);
      last.interceptors().clear();
      interceptors.forEach(last::addInterceptor);
      last.addInterceptor(new CheckedHandOver(ours));
      Call call = last.build().newCall(chain.request());
      new CancelledTogether(chain.call()).with(call);
      return call.execute();
    }

    private void requireUnchanged(OkHttpClient changed) {
      requireSame("networkInterceptors", List.of(), changed.networkInterceptors());
      requireSame("protocols", ours.protocols(), changed.protocols());
      requireSame("connectionSpecs", ours.connectionSpecs(), changed.connectionSpecs());
    }

    private void requireUnchanged(Chain chain) {
      ours.requireUnchanged(chain);
    }
  }

  /** The end of those calls whose interceptors may have changed the chain. */
  private record CheckedHandOver(UnwrappedClient ours) implements Interceptor {

    @Override
    public Response intercept(Chain chain) throws IOException {
      ours.requireUnchanged(chain);
      return ours.way.send(new HandedCall(chain));
    }
  }

  private void requireUnchanged(Interceptor.Chain chain) {
    requireSame("cookieJar", cookieJar(), chain.getCookieJar());
    requireSame("cache", cache(), chain.getCache());
    requireSame("dns", dns(), chain.getDns());
    requireSame("proxy", proxy(), chain.getProxy());
    requireSame("proxySelector", proxySelector(), chain.getProxySelector());
    requireSame("proxyAuthenticator", proxyAuthenticator(), chain.getProxyAuthenticator());
    requireSame("authenticator", authenticator(), chain.getAuthenticator());
    requireSame("socketFactory", socketFactory(), chain.getSocketFactory());
    requireSame("sslSocketFactory", sslSocketFactory(), chain.getSslSocketFactoryOrNull());
    requireSame("hostnameVerifier", hostnameVerifier(), chain.getHostnameVerifier());
    requireSame("certificatePinner", certificatePinner(), chain.getCertificatePinner());
    requireSame("connectionPool", connectionPool(), chain.getConnectionPool());
  }

  private static void requireSame(String kind, @Nullable Object ours, @Nullable Object theirs) {
    if (!Objects.equals(ours, theirs)) {
      throw new InvalidInputException(
          WHAT,
          kind,
          "would have no effect: a client of the runtime's own connects to the service;"
              + " application interceptors and event listeners work");
    }
  }
}
