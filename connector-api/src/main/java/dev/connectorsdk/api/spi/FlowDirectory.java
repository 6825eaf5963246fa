package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the host's flows as they are now: whose they are, and which references they declare. Work
 * that nobody starts, such as a trigger, is done for a flow, which the runtime looks up here.
 *
 * <p>An id names one flow of all, whoever owns it. The runtime reads a flow again once its
 * freshness is over, so that an owner who was removed loses access within that time. Called by
 * several threads at once, which may be threads of the runtime; one of these is interrupted if it
 * is not answered in time. An exception that is thrown here ends what was being done, which is
 * tried again later.
 */
public interface FlowDirectory {

  /** Returns the flow with this id. Empty if there is none any more. */
  Optional<Flow> find(String id);

  /**
   * Returns flows that match, ordered by id as {@link String#compareTo} does.
   *
   * @param after only those whose id is greater; the empty text for the first page
   * @param limit at most so many
   */
  List<Flow> list(Filter filter, String after, int limit);

  /**
   * Which flows to list. A {@code null} matches all.
   *
   * @param connector only those that declare a reference of this connector
   * @param reference only those that declare the reference with this logical name
   */
  record Filter(@Nullable ConnectorId connector, @Nullable String reference) {

    /** All flows. */
    public static final Filter ALL = new Filter(null, null);

    /** Returns whether a flow declares such a reference. */
    public boolean matches(Flow flow) {
      return (connector == null && reference == null)
          || flow.references().stream()
              .anyMatch(
                  r ->
                      (connector == null || r.connector().equals(connector))
                          && (reference == null || r.logicalName().equals(reference)));
    }
  }

  /**
   * Returns a directory of these flows, which never change.
   *
   * @throws IllegalArgumentException if two have the same id
   */
  static FlowDirectory of(Flow... flows) {
    List<Flow> all = Arrays.stream(flows).sorted(Comparator.comparing(Flow::id)).toList();
    Set<String> ids = new HashSet<>();
    for (Flow flow : all) {
      if (!ids.add(flow.id())) {
        throw new IllegalArgumentException("Two flows have the id '" + flow.id() + "'");
      }
    }
    return new FlowDirectory() {
      @Override
      public Optional<Flow> find(String id) {
        return all.stream().filter(flow -> flow.id().equals(id)).findFirst();
      }

      @Override
      public List<Flow> list(Filter filter, String after, int limit) {
        Objects.requireNonNull(filter, "filter");
        return all.stream()
            .filter(flow -> flow.id().compareTo(after) > 0 && filter.matches(flow))
            .limit(limit)
            .toList();
      }
    };
  }
}
