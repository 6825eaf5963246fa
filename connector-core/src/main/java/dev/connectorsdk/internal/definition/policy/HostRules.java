package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.http.Stage.Trust;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * Which hosts a definition may be led to by the input of a call, besides those of the connection.
 *
 * @param allowed host names; one that begins with {@code *.} stands for all below it
 */
public record HostRules(List<String> allowed) {

  public HostRules {
    allowed = allowed.stream().map(Lookup::lower).toList();
  }

  /**
   * Returns who has chosen a host.
   *
   * @param otherwise who has if it is not allowed here
   */
  Trust trustIn(HttpUrl url, Trust otherwise) {
    String host = url.host();
    if (allowed.contains(host)) {
      return Trust.AUTHOR;
    }
    return allowed.stream().anyMatch(a -> a.startsWith("*.") && host.endsWith(a.substring(1)))
        ? Trust.CONNECTION
        : otherwise;
  }

  HostNotAllowedException refusal(HttpUrl url) {
    return new HostNotAllowedException(
        url.scheme() + "://" + url.host() + ":" + url.port(),
        "the host comes from the input of the call; the host application can allow it when it loads"
            + " the definition (LoadOptions.allowingHost)");
  }
}
