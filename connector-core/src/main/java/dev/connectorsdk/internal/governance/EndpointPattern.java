package dev.connectorsdk.internal.governance;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of endpoints: {@code [scheme://]host[:port][/path]}. It is matched part by part, so
 * that nothing in a path is taken for a host.
 *
 * @param port {@code null} if the pattern leaves it out
 */
record EndpointPattern(Glob whole, Glob scheme, Glob host, @Nullable Glob port, Glob path) {

  private static final Pattern ADDRESS = Pattern.compile("[0-9.*]*[0-9][0-9.*]*|.*:.*");

  static EndpointPattern of(String pattern) {
    String text = pattern.toLowerCase(Locale.ROOT);
    int schemeEnd = text.indexOf("://");
    String rest = schemeEnd < 0 ? text : text.substring(schemeEnd + 3);
    int slash = rest.indexOf('/');
    String authority = slash < 0 ? rest : rest.substring(0, slash);
    String path = slash < 0 ? "" : rest.substring(slash);
    int hostEnd = authority.startsWith("[") ? authority.indexOf(']') + 1 : 0;
    int colon = authority.indexOf(':', hostEnd);
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return new EndpointPattern(
        new Glob(text),
        schemeEnd < 0 ? Glob.ANYTHING : new Glob(text.substring(0, schemeEnd)),
        new Glob(hostEnd > 0 ? host.substring(1, host.length() - 1) : host),
        colon < 0 ? null : new Glob(authority.substring(colon + 1)),
        path.length() <= 1 ? Glob.ANYTHING : new Glob(path));
  }

  boolean isEverything() {
    return whole.equals(Glob.ANYTHING);
  }

  /** Returns whether the host is written as an IP address, or as several by {@code *}. */
  boolean spellsAddress() {
    return ADDRESS.matcher(host.pattern()).matches();
  }

  /** What lets something pass: a port that is left out is the scheme's. */
  boolean matchesNarrowly(EffectiveUrl url) {
    return isEverything() || (matchesParts(url) && (port != null || url.isOnPortOfScheme()));
  }

  /** What stops something. */
  boolean matchesWidely(EffectiveUrl url) {
    return isEverything() || matchesParts(url) || whole.matches(url.toString());
  }

  /** Returns whether this pattern leaves nothing for another one that is asked later. */
  boolean covers(EndpointPattern later) {
    return isEverything()
        || (scheme.matches(later.scheme.pattern())
            && host.matches(later.host.pattern())
            && path.matches(later.path.pattern())
            && Objects.equals(port, later.port));
  }

  private boolean matchesParts(EffectiveUrl url) {
    return scheme.matches(url.origin().scheme())
        && host.matches(url.host())
        && (port == null || port.matches(String.valueOf(url.origin().port())))
        && path.matches(url.path());
  }
}
