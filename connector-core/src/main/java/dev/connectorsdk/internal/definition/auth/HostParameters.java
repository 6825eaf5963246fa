package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;

/** Connection parameters that stand for a whole host name in a URL. */
public final class HostParameters {

  private static final String HOST = "[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?";
  private static final String HTTPS = "https://";

  private HostParameters() {}

  /** Returns the parameters in the host of a template that are not one label of a fixed domain. */
  public static List<String> of(String template) {
    List<String> names = new ArrayList<>();
    if (!template.startsWith(HTTPS)) {
      return names;
    }
    int domain = HTTPS.length();
    int at = domain;
    while (at < template.length() && template.charAt(at) != '/') {
      if (template.charAt(at) == '{') {
        int close = template.indexOf('}', at);
        if (close < 0) {
          break;
        }
        String name = template.substring(at + 1, close);
        if (!name.isEmpty() && name.chars().noneMatch(c -> "{?|=".indexOf(c) >= 0)) {
          names.add(name);
        }
        at = close;
        domain = close + 1;
      }
      at++;
    }
    String fixed = template.substring(domain, Math.max(domain, at));
    boolean labels = fixed.startsWith(".") && fixed.indexOf('.', 1) > 1;
    return labels ? List.of() : names;
  }

  /** Returns a parameter that takes a host name, or a part of one, and nothing else. */
  static ConnectionParameter limited(ConnectionParameter parameter) {
    boolean limited = parameter.pattern() != null || !parameter.choices().isEmpty();
    boolean text = parameter.type() == ConnectionParameter.Type.TEXT;
    return limited || !text ? parameter : parameter.matching(HOST);
  }
}
