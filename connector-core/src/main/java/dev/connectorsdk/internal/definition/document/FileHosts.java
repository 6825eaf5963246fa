package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.internal.HostPattern;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The hosts that keep a service's files, as the root of a definition lists them. */
public final class FileHosts {

  static final String MEMBER = "x-file-hosts";

  private FileHosts() {}

  /** Returns the hosts; what is none is left out with a warning. */
  public static List<String> of(JsonNode swagger, Warnings warnings) {
    List<String> hosts = new ArrayList<>();
    JsonNode declared = swagger.path(MEMBER);
    for (int i = 0; i < declared.size(); i++) {
      JsonNode host = declared.path(i);
      if (isOne(host)) {
        hosts.add(host.stringValue());
      } else {
        warnings.add("/" + MEMBER + "/" + i, "is neither a host name nor *. with a domain");
      }
    }
    return hosts;
  }

  static boolean isOne(JsonNode host) {
    if (!host.isString()) {
      return false;
    }
    try {
      new HostPattern(host.stringValue());
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
