package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.http.HttpResponse;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** From where an answer came, which its relative links count from: RFC 3986 section 5.1.3. */
public final class AnsweredUrl {

  private AnsweredUrl() {}

  /**
   * Returns the URL that was asked last, after redirects. It can hold a credential in its query, so
   * it is for nobody but those who resolve links.
   *
   * @return {@code null} if this library's runtime did not ask
   */
  public static @Nullable HttpUrl of(HttpResponse answer) {
    return answer instanceof BufferedResponse buffered ? buffered.url() : null;
  }
}
