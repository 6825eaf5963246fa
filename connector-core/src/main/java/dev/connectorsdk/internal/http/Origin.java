package dev.connectorsdk.internal.http;

import okhttp3.HttpUrl;

/** Scheme, host and port: the unit that credentials are pinned to. */
record Origin(String scheme, String host, int port) {

  static Origin of(HttpUrl url) {
    return new Origin(url.scheme(), url.host(), url.port());
  }

  /** Returns the Host header, RFC 9110 section 7.2, as OkHttp sends it. */
  static String hostHeader(HttpUrl url) {
    String host = url.host().indexOf(':') >= 0 ? "[" + url.host() + "]" : url.host();
    return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
  }

  boolean contains(HttpUrl url) {
    return port == url.port() && host.equals(url.host()) && scheme.equals(url.scheme());
  }

  @Override
  public String toString() {
    return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
