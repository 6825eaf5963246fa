package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.internal.Origin;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where a request goes, in one spelling: in lower case, without a port that is the scheme's, user,
 * dot segments, query, and percent-encoding that is not needed (RFC 3986 section 6.2.2).
 *
 * @param host an IPv6 address without brackets
 * @param path begins with a slash
 */
public record EffectiveUrl(Origin origin, String host, String path) {

  private static final Pattern UNRESERVED =
      Pattern.compile("%(2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  /** Returns where a request with this URL goes. */
  public static EffectiveUrl of(HttpUrl url) {
    // A dot at the end says that a name is complete, and leads to the same host.
    String named = url.host().toLowerCase(Locale.ROOT);
    String host = named.endsWith(".") ? named.substring(0, named.length() - 1) : named;
    return new EffectiveUrl(
        new Origin(url.scheme(), host, url.port()), host, decoded(url.encodedPath()));
  }

  /** Returns the same of a text, or {@code null} if it is no http or https URL. */
  public static @Nullable EffectiveUrl parse(String url) {
    HttpUrl parsed = HttpUrl.parse(url);
    return parsed == null ? null : of(parsed);
  }

  private static String decoded(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    if (lower.indexOf('%') < 0) {
      return lower;
    }
    return UNRESERVED
        .matcher(lower)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    String.valueOf((char) Integer.parseInt(match.group(1), 16))
                        .toLowerCase(Locale.ROOT)));
  }

  /** Returns whether the host is an IP address, in whatever spelling machines take for one. */
  boolean isAddress() {
    return host.indexOf(':') >= 0
        || NUMBER.matcher(host.substring(host.lastIndexOf('.') + 1)).matches();
  }

  boolean isOnPortOfScheme() {
    return new Origin(origin.scheme(), host, -1).equals(origin);
  }

  /** Returns the whole URL. */
  @Override
  public String toString() {
    return origin + path;
  }
}
