package dev.connectorsdk.internal.http;

import dev.connectorsdk.api.internal.HostPattern;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;

/**
 * Where the requests of a connection may go.
 *
 * @param base what relative paths are appended to
 * @param further URLs on further origins
 * @param files hosts that keep files, to which redirects are followed without credentials
 */
public record Destinations(ServiceUrl base, List<ServiceUrl> further, List<HostPattern> files) {

  public Destinations {
    further = List.copyOf(further);
    files = List.copyOf(files);
  }

  /** Returns the destinations of a service that keeps no files elsewhere. */
  public static Destinations of(ServiceUrl base, List<ServiceUrl> further) {
    return new Destinations(base, further, List.of());
  }

  List<ServiceUrl> withCredentials() {
    List<ServiceUrl> all = new ArrayList<>(further.size() + 1);
    all.add(base);
    all.addAll(further);
    return List.copyOf(all);
  }

  /**
   * Returns whether a redirect may lead to a URL for a file.
   *
   * @param from what redirects
   */
  boolean hasFilesAt(HttpUrl url, HttpUrl from) {
    return !files.isEmpty()
        && (url.isHttps() || !from.isHttps())
        && Origins.of(url).isSecure()
        && files.stream().anyMatch(host -> host.includes(url.host()));
  }
}
