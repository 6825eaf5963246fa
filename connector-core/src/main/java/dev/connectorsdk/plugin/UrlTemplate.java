package dev.connectorsdk.plugin;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL with connection parameters in braces, as far as it can be judged without their values.
 *
 * @param parameters the names in braces, in order
 * @param sample the URL with every parameter filled in, or {@code null} if there is a problem
 * @param problem why it cannot be a URL, as a sentence, or {@code null} if it can
 */
record UrlTemplate(List<String> parameters, @Nullable URI sample, @Nullable String problem) {

  private static final Pattern PARAMETER = Pattern.compile("\\{([^{}]+)\\}");
  private static final Pattern WHOLE_BEGINNING = Pattern.compile("\\{[^{}]+\\}(?=/|$)");
  private static final Pattern PORT = Pattern.compile(":\\{[^{}]+\\}(?=/|$)");
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  static UrlTemplate parse(String template) {
    List<String> parameters = new ArrayList<>();
    Matcher matcher = PARAMETER.matcher(template);
    while (matcher.find()) {
      String before = matcher.group(1).split("=", 2)[0];
      parameters.addAll(List.of(before.split("\\?", 2)[0].split("\\|", -1)));
    }
    Matcher beginning = WHOLE_BEGINNING.matcher(template);
    String url =
        beginning.lookingAt() ? "https://x1" + template.substring(beginning.end()) : template;
    url = PARAMETER.matcher(PORT.matcher(url).replaceAll(":1")).replaceAll("x1");
    if (url.indexOf('{') >= 0 || url.indexOf('}') >= 0) {
      return new UrlTemplate(parameters, null, "Its braces do not pair up.");
    }
    try {
      URI sample = new URI(url);
      String problem =
          sample.getScheme() == null || sample.getHost() == null
              ? "It does not begin with a scheme and a host."
              : sample.getUserInfo() != null || sample.getFragment() != null
                  ? "It has user information or a fragment."
                  : null;
      return new UrlTemplate(parameters, problem == null ? sample : null, problem);
    } catch (URISyntaxException e) {
      return new UrlTemplate(parameters, null, "It is not a URL: " + e.getReason() + ".");
    }
  }

  /** Returns whether requests are protected by TLS, or do not leave the machine. */
  boolean isSecure() {
    return sample != null
        && (sample.getScheme().equalsIgnoreCase("https")
            || (sample.getScheme().equalsIgnoreCase("http")
                && LOOPBACK.contains(sample.getHost())));
  }

  /** Returns whether it names scheme, host and port, and nothing behind. */
  boolean isOrigin() {
    return sample != null
        && (sample.getRawPath().isEmpty() || sample.getRawPath().equals("/"))
        && sample.getRawQuery() == null;
  }
}
