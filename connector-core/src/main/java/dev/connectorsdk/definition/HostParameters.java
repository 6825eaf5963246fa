package dev.connectorsdk.definition;

import dev.connectorsdk.api.ConnectionParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Connection parameters that stand for a whole host name in a URL. */
final class HostParameters {

  private static final String HOST = "[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?";
  private static final Pattern IN_HOST =
      Pattern.compile("^https://[^/{}]*((?:\\{[^{}]+}[^/{}]*)+)");
  private static final Pattern NAME = Pattern.compile("\\{([^{}?|=]+)}");

  private HostParameters() {}

  /** Returns the parameters in the host of a template that are not one label of a fixed domain. */
  static List<String> of(String template) {
    Matcher host = IN_HOST.matcher(template);
    List<String> names = new ArrayList<>();
    if (host.find()) {
      String parts = host.group(1);
      String domain = parts.substring(parts.lastIndexOf('}') + 1);
      boolean labels = domain.startsWith(".") && domain.indexOf('.', 1) > 1;
      Matcher name = NAME.matcher(parts);
      while (!labels && name.find()) {
        names.add(name.group(1));
      }
    }
    return names;
  }

  /** Returns a parameter that takes a host name, or a part of one, and nothing else. */
  static ConnectionParameter limited(ConnectionParameter parameter) {
    boolean limited = parameter.pattern() != null || !parameter.choices().isEmpty();
    boolean text = parameter.type() == ConnectionParameter.Type.TEXT;
    return limited || !text ? parameter : parameter.matching(HOST);
  }
}
