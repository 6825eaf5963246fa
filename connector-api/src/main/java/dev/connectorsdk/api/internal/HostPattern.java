package dev.connectorsdk.api.internal;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host name, or all host names below a domain: {@code *.example.com}, which {@code example.com}
 * is not among.
 *
 * @param text in lower case
 */
public record HostPattern(String text) {

  private static final String BELOW = "*.";
  private static final Pattern ALLOWED = Pattern.compile("(\\*\\.)?[^*/:?#@\\\\\\s\\p{Cntrl}]+");

  /**
   * @throws IllegalArgumentException if the text is neither
   */
  public HostPattern {
    if (!ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException("'" + text + "' is not a host name");
    }
    text = text.toLowerCase(Locale.ROOT);
  }

  /** Returns whether it is the name of one host. */
  public boolean isOne() {
    return !text.startsWith(BELOW);
  }

  /**
   * Returns whether a host is meant.
   *
   * @param host in lower case
   */
  public boolean includes(String host) {
    return isOne() ? text.equals(host) : host.endsWith(text.substring(1));
  }

  @Override
  public String toString() {
    return text;
  }
}
