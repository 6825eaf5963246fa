package dev.connectorsdk.internal.http;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The URL of one request, which may still be added to; made when somebody asks for it, since that
 * is dear. Belongs to one call.
 */
final class UrlDraft {

  private final @Nullable HttpUrl base;
  private final @Nullable EncodedTarget target;
  private HttpUrl.@Nullable Builder building;
  private PathPlan.@Nullable Url lent; // until the URL is built
  private @Nullable HttpUrl built;

  private UrlDraft(
      @Nullable HttpUrl base,
      @Nullable EncodedTarget target,
      HttpUrl.@Nullable Builder building,
      PathPlan.@Nullable Url lent,
      @Nullable HttpUrl built) {
    this.base = base;
    this.target = target;
    this.building = building;
    this.lent = lent;
    this.built = built;
  }

  static UrlDraft of(HttpUrl url) {
    return new UrlDraft(null, null, null, null, url);
  }

  static UrlDraft of(HttpUrl.Builder url) {
    return new UrlDraft(null, null, url, null, null);
  }

  static UrlDraft of(PathPlan.Url url) {
    return new UrlDraft(null, null, null, url, null);
  }

  /**
   * Returns a URL that is not begun before somebody asks for it.
   *
   * @param base without user and query
   * @param target has a plan
   */
  static UrlDraft below(HttpUrl base, EncodedTarget target) {
    return new UrlDraft(base, target, null, null, null);
  }

  /** Returns whether nobody has asked for it, so that it is what its target says. */
  boolean isAsTargeted() {
    return target != null && lent == null && building == null && built == null;
  }

  private PathPlan.Url begin() {
    EncodedTarget below = Objects.requireNonNull(target);
    PathPlan plan = Objects.requireNonNull(below.plan());
    PathPlan.Url url = plan.below(Objects.requireNonNull(base));
    below.addTo(url);
    return url;
  }

  private PathPlan.Url lent() {
    PathPlan.Url url = lent;
    if (url == null) {
      url = begin();
      lent = url;
    }
    return url;
  }

  /** Adds a parameter to the query, encoded. */
  void addQuery(String name, String value) {
    if (building == null && built == null) {
      lent().addQuery(name, value);
    } else {
      building().addEncodedQueryParameter(name, value);
    }
  }

  /** Returns the URL, to add to. */
  HttpUrl.Builder building() {
    HttpUrl.Builder builder = building;
    if (builder == null) {
      builder = built == null ? lent().builder() : built.newBuilder();
      building = builder;
      built = null;
    }
    return builder;
  }

  HttpUrl url() {
    HttpUrl known = built;
    if (known == null) {
      known = building == null ? lent().build() : building.build();
      built = known;
      building = null;
      if (lent != null) {
        lent.giveBack();
        lent = null;
      }
    }
    return known;
  }

  /** Returns the URL with parameters added to its query, which are not in this one. */
  HttpUrl plus(Consumer<BiConsumer<String, @Nullable String>> more) {
    if (!isAsTargeted()) {
      HttpUrl.Builder copy = url().newBuilder();
      more.accept(copy::addEncodedQueryParameter);
      return copy.build();
    }
    PathPlan.Url url = begin();
    more.accept(url::addQuery);
    HttpUrl complete = url.build();
    url.giveBack();
    return complete;
  }

  /** Returns the URL with another query, which is not in this one. */
  HttpUrl with(Consumer<HttpUrl.Builder> more) {
    if (!isAsTargeted()) {
      HttpUrl.Builder copy = url().newBuilder();
      more.accept(copy);
      return copy.build();
    }
    PathPlan.Url url = begin();
    more.accept(url.builder());
    HttpUrl complete = url.builder().build();
    url.giveBack();
    return complete;
  }
}
