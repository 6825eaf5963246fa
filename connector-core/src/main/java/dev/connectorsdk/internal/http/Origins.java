package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.internal.Origin;
import okhttp3.HttpUrl;

/** Where OkHttp's URLs lead. */
final class Origins {

  private Origins() {}

  static Origin of(HttpUrl url) {
    return new Origin(url.scheme(), url.host(), url.port());
  }

  static boolean isOn(Origin origin, HttpUrl url) {
    return origin.is(url.scheme(), url.host(), url.port());
  }
}
