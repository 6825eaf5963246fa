package dev.connectorsdk.runtime;

import dev.connectorsdk.api.internal.ThisMachine;
import java.net.URI;
import java.net.URISyntaxException;

/** Checks where services are to call. */
final class PublicAddress {

  private PublicAddress() {}

  /** Returns the URL without a slash at the end. */
  static URI of(String url) {
    String text = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    try {
      URI uri = new URI(text);
      String host = uri.getHost();
      boolean isPlain =
          host != null
              && uri.getRawUserInfo() == null
              && uri.getRawQuery() == null
              && uri.getRawFragment() == null;
      boolean isSafe =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && host != null && ThisMachine.is(host));
      if (isPlain && isSafe) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("The public address is no URL", e);
    }
    throw new IllegalArgumentException(
        "The public address must be https, or http on this machine, without user, query and"
            + " fragment, but was '"
            + text.replaceAll("//[^/]*@", "//...@")
            + "'");
  }
}
