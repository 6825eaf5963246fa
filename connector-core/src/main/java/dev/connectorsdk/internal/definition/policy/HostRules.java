package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.internal.HostPattern;
import dev.connectorsdk.internal.http.Stage.Trust;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * Which hosts a definition may be led to by the input of a call, besides those of the connection.
 *
 * @param allowed by the host application
 */
public record HostRules(List<HostPattern> allowed) {

  /**
   * Returns who has chosen a host.
   *
   * @param otherwise who has if it is not allowed here
   */
  Trust trustIn(HttpUrl url, Trust otherwise) {
    List<HostPattern> fitting =
        allowed.stream().filter(pattern -> pattern.includes(url.host())).toList();
    if (fitting.isEmpty()) {
      return otherwise;
    }
    return fitting.stream().anyMatch(HostPattern::isOne) ? Trust.AUTHOR : Trust.CONNECTION;
  }

  HostNotAllowedException refusal(HttpUrl url) {
    return new HostNotAllowedException(
        url.scheme() + "://" + url.host() + ":" + url.port(),
        "the host comes from the input of the call; the host application can allow it when it loads"
            + " the definition (LoadOptions.allowingHost)");
  }
}
