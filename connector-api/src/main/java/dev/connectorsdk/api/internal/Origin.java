package dev.connectorsdk.api.internal;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: where a URL leads; RFC 6454. Two origins are equal if the same requests
 * lead to the same place: case does not count, nor whether a port that is the scheme's is written.
 *
 * @param scheme in lower case
 * @param host in lower case, an IPv6 address without brackets
 * @param port never left out for http and https; -1 for other schemes without a port
 */
public record Origin(String scheme, String host, int port) {

  /**
   * @param port negative for the one of the scheme
   */
  public Origin {
    scheme = scheme.toLowerCase(Locale.ROOT);
    host = withoutBrackets(host).toLowerCase(Locale.ROOT);
    port = port < 0 ? defaultPort(scheme) : port;
  }

  /**
   * Returns where a URL leads.
   *
   * @throws IllegalArgumentException if it has no scheme or no host, or has a user, who would only
   *     hide the host
   */
  public static Origin of(URI url) {
    String scheme = url.getScheme();
    String authority = url.getRawAuthority();
    if (scheme == null || authority == null || authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("Not a URL with scheme and host, and without user");
    }
    return url.getHost() == null
        ? ofName(scheme, authority)
        : new Origin(scheme, url.getHost(), url.getPort());
  }

  /** {@link URI} has no host for a name with an underscore, which the URL standard allows. */
  private static Origin ofName(String scheme, String authority) {
    int colon = authority.indexOf(':');
    String host = colon < 0 ? authority : authority.substring(0, colon);
    String port = colon < 0 ? "" : authority.substring(colon + 1);
    if (host.isEmpty() || host.indexOf('%') >= 0 || !port.matches("[0-9]{0,5}")) {
      throw new IllegalArgumentException("Not a URL with scheme and host, and without user");
    }
    return new Origin(scheme, host, port.isEmpty() ? -1 : Integer.parseInt(port));
  }

  /** Returns whether a URL with these parts, as {@link Origin} has them, leads here. */
  public boolean is(String scheme, String host, int port) {
    return this.port == port && this.host.equals(host) && this.scheme.equals(scheme);
  }

  /** Returns whether nobody on the way can read along: https, or http on this machine. */
  public boolean isSecure() {
    return scheme.equals("https") || (scheme.equals("http") && ThisMachine.is(host));
  }

  /**
   * Returns the header {@code Host} of a request, RFC 9110 section 7.2: the host, with the port
   * unless it is the scheme's.
   *
   * @param scheme in lower case
   * @param host an IPv6 address without brackets
   */
  public static String hostHeader(String scheme, String host, int port) {
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port == defaultPort(scheme) ? name : name + ":" + port;
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "https" -> 443;
      case "http" -> 80;
      default -> -1;
    };
  }

  private static String withoutBrackets(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  // Written out: what the JVM makes for records costs a part of each start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Origin that && is(that.scheme, that.host, that.port);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * scheme.hashCode() + host.hashCode()) + port;
  }

  /** Returns the origin as RFC 6454 section 6.2 writes it: without a port that is the scheme's. */
  @Override
  public String toString() {
    return scheme + "://" + hostHeader(scheme, host, port);
  }
}
