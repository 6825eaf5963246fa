package dev.connectorsdk.auth;

import java.net.URI;
import java.util.Set;

/** Where URLs lead: scheme, host and port; RFC 6454. */
final class Origin {

  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private Origin() {}

  /** Returns the origin of a URL that has a host, with the port even if it is the usual one. */
  static String of(URI url) {
    int port = url.getPort();
    int usual = "https".equals(url.getScheme()) ? 443 : 80;
    return url.getScheme() + "://" + url.getHost() + ":" + (port < 0 ? usual : port);
  }

  /** Returns whether nobody on the way can read along: https, or http on this machine. */
  static boolean isSecure(URI url) {
    String host = url.getHost();
    return host != null
        && ("https".equals(url.getScheme())
            || ("http".equals(url.getScheme()) && THIS_MACHINE.contains(host)));
  }
}
