package dev.connectorsdk.internal.gateway.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import okhttp3.Authenticator;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * The HTTP proxy that leads out of an inside network, as programs are usually told of it: {@code
 * http://user:password@host:port}, and the names that are reached without it.
 */
public final class CompanyProxy {

  private final Proxy proxy;
  private final HttpUrl url;
  private final List<String> direct;

  private CompanyProxy(HttpUrl url, List<String> direct) {
    this.url = url;
    this.proxy =
        new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(url.host(), url.port()));
    this.direct = direct;
  }

  /**
   * Returns a proxy.
   *
   * @param url with the scheme http, and with a user and a password if it asks for them
   * @param noProxy names and addresses that are reached without it, with commas between them: a
   *     name stands for all names below it too, {@code *} for all
   * @throws IllegalArgumentException if the URL is none of a proxy; the message does not show it
   */
  public static CompanyProxy of(String url, String noProxy) {
    HttpUrl parsed = HttpUrl.parse(url.contains("://") ? url : "http://" + url);
    if (parsed == null || parsed.isHttps()) {
      throw new IllegalArgumentException(
          "The address of a proxy is http://host:port, with user:password@ before the host if it"
              + " asks for them");
    }
    List<String> direct =
        Arrays.stream(noProxy.split(","))
            .map(name -> name.trim().toLowerCase(Locale.ROOT))
            .filter(name -> !name.isEmpty())
            .toList();
    return new CompanyProxy(parsed, direct);
  }

  /** Returns a client that goes through this proxy. */
  public OkHttpClient.Builder of(OkHttpClient.Builder client) {
    return client.proxySelector(new Selector()).proxyAuthenticator(authenticator());
  }

  /** A proxy that refuses a password is not asked a second time. */
  private Authenticator authenticator() {
    if (url.username().isEmpty()) {
      return Authenticator.NONE;
    }
    String basic = Credentials.basic(url.username(), url.password());
    return (route, response) ->
        response.request().header("Proxy-Authorization") == null
            ? response.request().newBuilder().header("Proxy-Authorization", basic).build()
            : null;
  }

  private boolean isDirect(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return direct.stream()
        .map(one -> one.startsWith(".") ? one.substring(1) : one)
        .anyMatch(one -> one.equals("*") || name.equals(one) || name.endsWith("." + one));
  }

  private final class Selector extends ProxySelector {

    @Override
    public List<Proxy> select(URI uri) {
      return List.of(isDirect(uri.getHost()) ? Proxy.NO_PROXY : proxy);
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
      // There is no other one to take.
    }
  }
}
