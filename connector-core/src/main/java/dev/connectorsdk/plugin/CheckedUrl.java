package dev.connectorsdk.plugin;

import dev.connectorsdk.api.internal.Origin;
import dev.connectorsdk.api.internal.Placeholders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
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
record CheckedUrl(List<String> parameters, @Nullable URI sample, @Nullable String problem) {

  private static final Pattern WHOLE_BEGINNING = Pattern.compile("\\{[^{}]+\\}(?=/|$)");
  private static final Pattern PORT = Pattern.compile(":\\{[^{}]+\\}(?=/|$)");

  static CheckedUrl parse(String template) {
    List<String> names = Placeholders.names(template);
    List<String> parameters = names.stream().filter(name -> !name.isEmpty()).toList();
    if (Placeholders.hasLooseBrace(template) || parameters.size() < names.size()) {
      return new CheckedUrl(parameters, null, "Its braces do not pair up.");
    }
    Matcher beginning = WHOLE_BEGINNING.matcher(template);
    String url =
        beginning.lookingAt() ? "https://x1" + template.substring(beginning.end()) : template;
    url = Placeholders.replace(PORT.matcher(url).replaceAll(":1"), inBraces -> "x1");
    try {
      URI sample = new URI(url);
      String problem = problem(sample);
      return new CheckedUrl(parameters, problem == null ? sample : null, problem);
    } catch (URISyntaxException e) {
      return new CheckedUrl(parameters, null, "It is not a URL: " + e.getReason() + ".");
    }
  }

  private static @Nullable String problem(URI sample) {
    String authority = sample.getRawAuthority();
    if (sample.getScheme() == null || authority == null) {
      return "It does not begin with a scheme and a host.";
    }
    if (authority.indexOf('@') >= 0 || sample.getRawFragment() != null) {
      return "It has user information or a fragment.";
    }
    try {
      Origin.of(sample);
      return null;
    } catch (IllegalArgumentException e) {
      return "It does not begin with a scheme and a host.";
    }
  }

  /** Returns whether requests are protected by TLS, or do not leave the machine. */
  boolean isSecure() {
    return sample != null && Origin.of(sample).isSecure();
  }

  /** Returns whether it names scheme, host and port, and nothing behind. */
  boolean isOrigin() {
    return sample != null
        && (sample.getRawPath().isEmpty() || sample.getRawPath().equals("/"))
        && sample.getRawQuery() == null;
  }
}
