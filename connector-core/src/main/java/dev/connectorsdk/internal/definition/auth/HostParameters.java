package dev.connectorsdk.internal.definition.auth;

import dev.connectorsdk.api.ConnectionParameter;
import dev.connectorsdk.api.internal.Placeholders;
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
    String domain = "";
    for (Placeholders.Part part : Placeholders.parts(template.substring(HTTPS.length()))) {
      int slash = part.isPlaceholder() ? -1 : part.text().indexOf('/');
      if (part.isPlaceholder()) {
        addPlain(part.text(), names);
        domain = "";
      } else {
        domain = slash < 0 ? part.text() : part.text().substring(0, slash);
      }
      if (slash >= 0) {
        break;
      }
    }
    boolean labels = domain.startsWith(".") && domain.indexOf('.', 1) > 1;
    return labels ? List.of() : names;
  }

  private static void addPlain(String name, List<String> names) {
    if (!name.isEmpty() && name.chars().noneMatch(c -> "?|=".indexOf(c) >= 0)) {
      names.add(name);
    }
  }

  /** Returns a parameter that takes a host name, or a part of one, and nothing else. */
  static ConnectionParameter limited(ConnectionParameter parameter) {
    boolean limited = parameter.pattern() != null || !parameter.choices().isEmpty();
    boolean text = parameter.type() == ConnectionParameter.Type.TEXT;
    return limited || !text ? parameter : parameter.matching(HOST);
  }
}
