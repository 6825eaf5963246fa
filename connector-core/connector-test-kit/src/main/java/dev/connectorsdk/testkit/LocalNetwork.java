package dev.connectorsdk.testkit;

import java.io.IOException;
import java.net.URI;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A network in which each host is the service of the test: no request leaves the machine. */
final class LocalNetwork implements Interceptor {

  private final HttpUrl service;

  private LocalNetwork(URI service) {
    this.service = HttpUrl.get(service.toString());
  }

  static OkHttpClient leadingTo(URI service) {
    return new OkHttpClient.Builder().addInterceptor(new LocalNetwork(service)).build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url();
    HttpUrl here =
        url.newBuilder().scheme(service.scheme()).host(service.host()).port(service.port()).build();
    String host =
        url.port() == HttpUrl.defaultPort(url.scheme())
            ? url.host()
            : url.host() + ":" + url.port();
    Response response = chain.proceed(request.newBuilder().url(here).header("Host", host).build());
    return response.newBuilder().request(request).build();
  }
}
