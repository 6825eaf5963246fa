package dev.connectorsdk.internal.http;

import java.util.ArrayList;
import java.util.List;
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
    int values = 0;
    for (String segment : segments) {
      fixed.add(segment == null ? NO_VALUE : segment);
      values += segment == null ? 1 : 0;
    }
    this.texts = List.copyOf(fixed);
    this.places = new int[values];
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
   * A URL under construction. A value that is in it already, from the request before, is not set
   * anew; if all are and there is no query, that request's URL is the one of this request too. A
   * query may hold secrets, and is not kept. Belongs to one request, until {@link #giveBack}.
   */
  public final class Url {

    private final HttpUrl base;
    private final HttpUrl.Builder builder;
    private final int first;
    private final @Nullable String[] values = new @Nullable String[places.length];
    private boolean hasQuery;
    private @Nullable HttpUrl built; // without a query

    private Url(HttpUrl base) {
      this.base = base;
      this.builder = base.newBuilder();
      List<String> segments = base.encodedPathSegments();
      // OkHttp puts the first one in the place of what follows a slash at the end: nothing.
      int before = segments.size();
      this.first = segments.get(before - 1).isEmpty() ? before - 1 : before;
      texts.forEach(builder::addEncodedPathSegment);
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
      builder().addEncodedQueryParameter(name, value);
    }

    /** Returns a builder, whose query may be changed until this is given back. */
    HttpUrl.Builder builder() {
      hasQuery = true;
      return builder;
    }

    /** Returns the URL. */
    HttpUrl build() {
      if (hasQuery) {
        return builder.build();
      }
      HttpUrl known = built;
      if (known == null) {
        known = builder.build();
        built = known;
      }
      return known;
    }

    /** Lets the next request have it. */
    void giveBack() {
      if (hasQuery) {
        builder.encodedQuery(null);
        hasQuery = false;
      }
      spare.set(this);
    }
  }
}
