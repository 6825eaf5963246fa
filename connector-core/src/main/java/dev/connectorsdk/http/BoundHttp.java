package dev.connectorsdk.http;

import dev.connectorsdk.api.http.ConnectorHttp;
import dev.connectorsdk.api.http.HttpCall;
import java.net.URI;
import java.time.Duration;
import okhttp3.OkHttpClient;

/** The client that connector code gets: one connection, one call. */
final class BoundHttp implements ConnectorHttp {

  private final Transport transport;
  private final OkHttpClient client;
  private final HttpLimits limits;
  private final Endpoint endpoint;
  private final CallBudget budget;

  BoundHttp(
      Transport transport,
      OkHttpClient client,
      HttpLimits limits,
      Endpoint endpoint,
      CallBudget budget) {
    this.transport = transport;
    this.client = client;
    this.limits = limits;
    this.endpoint = endpoint;
    this.budget = budget;
  }

  @Override
  public URI baseUrl() {
    return URI.create(endpoint.base());
  }

  @Override
  public HttpCall call(String method, String pathTemplate, Object... arguments) {
    return new BoundCall(
        this, method, endpoint.base() + PathTemplate.fill(pathTemplate, arguments));
  }

  @Override
  public HttpCall callEncoded(String method, String target) {
    String url = target.startsWith("/") ? endpoint.base() + target : target;
    return new BoundCall(this, method, url);
  }

  @Override
  public <T> T unwrap(Class<T> type) {
    if (type != OkHttpClient.class) {
      throw new IllegalArgumentException(
          "The client below is an okhttp3.OkHttpClient, not a " + type.getName());
    }
    OkHttpClient.Builder bound =
        client
            .newBuilder()
            .callTimeout(Duration.ofMillis(Math.max(1, budget.remainingMillis())))
            .addInterceptor(new BoundInterceptor(this));
    bound.networkInterceptors().add(0, new BoundCredential(endpoint));
    return type.cast(bound.build());
  }

  /** Returns whether the requests are an auth strategy's own. */
  boolean isForStrategy() {
    return endpoint.authenticator() == null;
  }

  Transport transport() {
    return transport;
  }

  OkHttpClient client() {
    return client;
  }

  HttpLimits limits() {
    return limits;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  CallBudget budget() {
    return budget;
  }
}
