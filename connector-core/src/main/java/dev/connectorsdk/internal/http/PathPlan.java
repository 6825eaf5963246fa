package dev.connectorsdk.internal.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The path of many requests, segment by segment: text, and places for values. One builder of a URL
 * is kept for the next request below the same base URL, which then sets the values alone that are
 * others: to have the base URL and the texts taken apart and checked anew takes longer than all
 * else that is done for a URL. Safe for several threads; each has a builder of its own.
 */
public final class PathPlan {

  /** Stands in a place until a value does. */
  private static final String NO_VALUE = "-";

  private final List<String> texts;
  private final int[] places;
  private final AtomicReference<@Nullable Url> spare = new AtomicReference<>();

  /**
   * Makes a plan.
   *
   * @param segments encoded, none of them {@code .} or {@code ..}; {@code null} where a value goes
   */
  public PathPlan(List<@Nullable String> segments) {
    List<String> fixed = new ArrayList<>();
    for (String segment : segments) {
      fixed.add(segment == null ? NO_VALUE : segment);
    }
    this.texts = List.copyOf(fixed);
    this.places = new int[(int) segments.stream().filter(segment -> segment == null).count()];
    int next = 0;
    for (int i = 0; i < segments.size(); i++) {
      if (segments.get(i) == null) {
        places[next++] = i;
      }
    }
  }

  /** Returns how many values it takes. */
  public int size() {
    return places.length;
  }

  /**
   * Begins a URL, whose values are all to be set.
   *
   * @param base has no query
   */
  Url below(HttpUrl base) {
    Url kept = spare.getAndSet(null);
    return kept != null && kept.base.equals(base) ? kept : new Url(base);
  }

  /**
   * A URL under construction. What is in it already, from the request before, is not set anew; if
   * all of it is, that request's URL is the one of this request too. Belongs to one request, until
   * {@link #giveBack}.
   */
  public final class Url {

    private final HttpUrl base;
    private final HttpUrl.Builder builder;
    private final int first;
    private final @Nullable String[] values = new @Nullable String[places.length];
    private final List<@Nullable String> query = new ArrayList<>(); // names and values by turns
    private int added; // of these, by this request
    private boolean isQueryIn; // what is in the list is in the builder
    private boolean isLent;
    private @Nullable HttpUrl built;

    private Url(HttpUrl base) {
      this.base = base;
      this.builder = base.newBuilder();
      List<String> segments = base.encodedPathSegments();
      // OkHttp puts the first one in the place of what follows a slash at the end: nothing.
      int before = segments.size();
      this.first = segments.get(before - 1).isEmpty() ? before - 1 : before;
      texts.forEach(builder::addEncodedPathSegment);
      this.isQueryIn = true;
    }

    /**
     * Sets a value.
     *
     * @param encoded neither {@code .} nor {@code ..}, also encoded; a slash or a backslash in it
     *     is percent-encoded
     */
    public void set(int place, String encoded) {
      if (!encoded.equals(values[place])) {
        builder.setEncodedPathSegment(first + places[place], encoded);
        values[place] = encoded;
        built = null;
      }
    }

    /** Adds a parameter to the query, encoded. */
    public void addQuery(String name, @Nullable String value) {
      boolean isThere =
          added < query.size()
              && name.equals(query.get(added))
              && Objects.equals(value, query.get(added + 1));
      if (!isThere) {
        forgetQueryFrom(added);
        query.add(name);
        query.add(value);
        isQueryIn = false;
      }
      added += 2;
    }

    private void forgetQueryFrom(int length) {
      if (query.size() > length) {
        query.subList(length, query.size()).clear();
        isQueryIn = false;
      }
    }

    /** Returns a builder, whose query may be changed until this is given back. */
    HttpUrl.Builder builder() {
      setQuery();
      isLent = true;
      built = null;
      return builder;
    }

    /** Returns the URL. */
    HttpUrl build() {
      setQuery();
      HttpUrl known = built;
      if (known == null || isLent) {
        known = builder.build();
        built = known;
      }
      return known;
    }

    private void setQuery() {
      if (isLent) {
        return;
      }
      forgetQueryFrom(added);
      if (!isQueryIn) {
        builder.encodedQuery(null);
        for (int i = 0; i < query.size(); i += 2) {
          builder.addEncodedQueryParameter(Objects.requireNonNull(query.get(i)), query.get(i + 1));
        }
        isQueryIn = true;
        built = null;
      }
    }

    /** Lets the next request have it. */
    void giveBack() {
      if (isLent) {
        forgetQueryFrom(0);
        isQueryIn = false;
        isLent = false;
        built = null;
      }
      added = 0;
      spare.set(this);
    }
  }
}
