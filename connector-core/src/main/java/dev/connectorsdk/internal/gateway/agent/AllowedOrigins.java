package dev.connectorsdk.internal.gateway.agent;

import dev.connectorsdk.api.error.HostNotAllowedException;
import dev.connectorsdk.api.internal.Origin;
import java.net.URI;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/** Where a member may go, whatever it is told. */
public final class AllowedOrigins {

  /** So much is told of what a host asks for, and then nothing more. */
  private static final int MOST_TOLD = 100;

  private final Set<Origin> origins;
  private final Consumer<String> people;
  private final Set<Origin> told = ConcurrentHashMap.newKeySet();

  private AllowedOrigins(Set<Origin> origins, Consumer<String> people) {
    this.origins = origins;
    this.people = people;
  }

  /**
   * Returns the origins of these URLs, such as {@code http://erp.corp.example:8080}.
   *
   * @param people are told once of each other origin that is asked for
   * @throws IllegalArgumentException if one is no URL, is neither http nor https, or has more than
   *     an origin has
   */
  public static AllowedOrigins of(Collection<String> urls, Consumer<String> people) {
    return new AllowedOrigins(
        urls.stream().map(AllowedOrigins::origin).collect(Collectors.toUnmodifiableSet()), people);
  }

  private static Origin origin(String text) {
    URI url = URI.create(text);
    Origin origin = Origin.of(url);
    boolean isHttp = origin.scheme().equals("http") || origin.scheme().equals("https");
    boolean hasMore =
        !(url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
            || url.getRawQuery() != null
            || url.getRawFragment() != null;
    if (!isHttp || hasMore) {
      throw new IllegalArgumentException(
          "An origin is http or https, a host and perhaps a port, but was '" + text + "'");
    }
    return origin;
  }

  /**
   * Lets through what leads to one of the origins.
   *
   * @throws HostNotAllowedException if a URL does not
   */
  public void require(HttpUrl url) {
    Origin to = new Origin(url.scheme(), url.host(), url.port());
    if (!origins.contains(to)) {
      if (told.size() < MOST_TOLD && told.add(to)) {
        people.accept("The host asks for " + to + ", which this member was not given");
      }
      throw HostNotAllowedException.ofMember(
          to.toString(), "the gateway's member was not given " + to);
    }
  }

  /** Returns whether this is one of the origins. */
  boolean include(String origin) {
    return origins.stream().anyMatch(one -> one.toString().equals(origin));
  }
}
