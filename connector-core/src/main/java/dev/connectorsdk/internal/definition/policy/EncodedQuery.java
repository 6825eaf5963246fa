package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A query, in the encoding that it came in: what policies do not touch is sent as it was.
 *
 * <p>Not safe for use by several threads.
 */
final class EncodedQuery {

  /** A parameter, encoded. */
  record Pair(String name, String value) {

    boolean is(String decoded) {
      return decodedName().equalsIgnoreCase(decoded);
    }

    String decodedName() {
      return decoded(name);
    }

    private static String decoded(String encoded) {
      return PercentEncoding.decode(encoded.replace('+', ' '));
    }
  }

  private final List<Pair> pairs = new ArrayList<>();

  EncodedQuery(@Nullable String encoded) {
    addAll(encoded);
  }

  /** Returns what an operation sends, before anything is added to it. */
  static EncodedQuery of(OutgoingRequest request) {
    EncodedQuery query = new EncodedQuery(null);
    request.eachQuery((name, value) -> query.pairs.add(new Pair(name, value)));
    return query;
  }

  private void addAll(@Nullable String encoded) {
    if (encoded == null) {
      return;
    }
    int end = encoded.length();
    for (int from = 0, next; from < end; from = next + 1) {
      next = encoded.indexOf('&', from);
      next = next < 0 ? end : next;
      if (next > from) {
        pairs.add(pair(encoded, from, next));
      }
    }
  }

  private static Pair pair(String encoded, int from, int to) {
    int equals = encoded.indexOf('=', from);
    return equals < 0 || equals >= to
        ? new Pair(encoded.substring(from, to), "")
        : new Pair(encoded.substring(from, equals), encoded.substring(equals + 1, to));
  }

  /** Returns the first value of a parameter, decoded, or {@code null}. */
  @Nullable String find(String name) {
    for (Pair pair : pairs) {
      if (pair.is(name)) {
        return Pair.decoded(pair.value());
      }
    }
    return null;
  }

  /** Removes a parameter, and returns whether there was one. */
  boolean remove(String name) {
    return pairs.removeIf(pair -> pair.is(name));
  }

  /** Adds a parameter and returns it. */
  Pair add(String name, String value) {
    Pair pair = new Pair(PercentEncoding.encodeQueryName(name), PercentEncoding.encode(value));
    pairs.add(pair);
    return pair;
  }

  /** Puts parameters in the place of those of their names, and returns them. */
  List<Pair> merge(String encoded) {
    EncodedQuery other = new EncodedQuery(encoded);
    other.pairs.forEach(pair -> remove(pair.decodedName()));
    pairs.addAll(other.pairs);
    return other.pairs;
  }

  /** Puts parameters before all others, and returns them. */
  List<Pair> addFirst(String encoded) {
    EncodedQuery other = new EncodedQuery(encoded);
    pairs.addAll(0, other.pairs);
    return other.pairs;
  }

  /** Adds those parameters of another query that fit. */
  void addFrom(EncodedQuery other, Predicate<Pair> fitting) {
    other.pairs.stream().filter(fitting).forEach(pairs::add);
  }

  List<Pair> pairs() {
    return pairs;
  }

  /** Returns the query as it is sent, or {@code null} if it is empty. */
  @Nullable String encoded() {
    if (pairs.isEmpty()) {
      return null;
    }
    StringBuilder query = new StringBuilder(16 * pairs.size());
    for (Pair pair : pairs) {
      query
          .append(query.length() == 0 ? "" : "&")
          .append(pair.name())
          .append('=')
          .append(pair.value());
    }
    return query.toString();
  }

  /** Returns whether this very parameter is still there. */
  @SuppressWarnings("ReferenceEquality") // An equal one may be another's.
  boolean has(Pair pair) {
    return pairs.stream().anyMatch(one -> one == pair);
  }
}
