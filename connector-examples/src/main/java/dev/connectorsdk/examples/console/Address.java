package dev.connectorsdk.examples.console;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Where browsers reach the console.
 *
 * @param origin as browsers write it in {@code Origin}
 * @param host as browsers write it in {@code Host}
 * @param path below which all pages are, without a slash at the end
 */
record Address(String origin, String host, String path) {

  static Address of(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    String path = String.valueOf(address.getRawPath()).replaceAll("/+$", "");
    if (!List.of("http", "https").contains(scheme)
        || address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null
        || !path.matches("(/[A-Za-z0-9._~-]+)+")) {
      throw new IllegalArgumentException(
          "The console's address is like https://app.example.com/console, but was " + address);
    }
    boolean usual = address.getPort() == (scheme.equals("http") ? 80 : 443);
    String host =
        address.getHost().toLowerCase(Locale.ROOT)
            + (address.getPort() < 0 || usual ? "" : ":" + address.getPort());
    return new Address(scheme + "://" + host, host, path);
  }

  /** Returns the whole address of the first page. */
  String home() {
    return origin + path;
  }

  /** Returns the whole address of a page. */
  URI page(String below) {
    return URI.create(origin + path + "/" + below);
  }
}
