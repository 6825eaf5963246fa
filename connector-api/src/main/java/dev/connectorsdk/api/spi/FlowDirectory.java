package dev.connectorsdk.api.spi;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
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
   * @param owner only those that declare such a reference that is this principal's: one that says
   *     so, or that says nothing in a flow of this owner
   * @param user only those that this principal owns, co-owns or may run; those that are shared with
   *     a group belong to the group
   */
  record Filter(
      @Nullable ConnectorId connector,
      @Nullable String reference,
      @Nullable Principal owner,
      @Nullable Principal user) {

    /** All flows. */
    public static final Filter ALL = new Filter(null, null);

    /** Returns what matches whosever references and flows these are. */
    public Filter(@Nullable ConnectorId connector, @Nullable String reference) {
      this(connector, reference, null, null);
    }

    /** Returns what matches the flows of which somebody is owner, co-owner or run-only user. */
    public static Filter of(Principal user) {
      return new Filter(null, null, null, Objects.requireNonNull(user, "user"));
    }

    /** Returns whether a flow is one of these. */
    public boolean matches(Flow flow) {
      return (user == null || users(flow).anyMatch(user::equals))
          && ((connector == null && reference == null && owner == null)
              || flow.references().stream().anyMatch(declared -> matches(flow, declared)));
    }

    private boolean matches(Flow flow, ConnectionReference declared) {
      return (connector == null || declared.connector().equals(connector))
          && (reference == null || declared.logicalName().equals(reference))
          && (owner == null || owner.equals(ownerOf(declared, flow)));
    }

    private static Principal ownerOf(ConnectionReference declared, Flow flow) {
      Principal owner = declared.owner();
      return owner == null ? flow.owner() : owner;
    }

    private static Stream<Principal> users(Flow flow) {
      return Stream.of(
              Stream.of(flow.owner()), flow.coOwners().stream(), flow.runOnlyUsers().stream())
          .flatMap(some -> some);
    }
  }

  /**
   * Returns a directory of these flows, which never change.
   *
   * @throws IllegalArgumentException if two have the same id
   */
  static FlowDirectory of(Flow... flows) {
    NavigableMap<String, Flow> all = new TreeMap<>();
    Map<Principal, NavigableMap<String, Flow>> byUser = new HashMap<>();
    Map<Principal, NavigableMap<String, Flow>> byReference = new HashMap<>();
    for (Flow flow : flows) {
      if (all.putIfAbsent(flow.id(), flow) != null) {
        throw new IllegalArgumentException("Two flows have the id '" + flow.id() + "'");
      }
      Filter.users(flow).forEach(user -> add(flow, user, byUser));
      flow.references().forEach(one -> add(flow, Filter.ownerOf(one, flow), byReference));
    }
    return new FlowDirectory() {
      @Override
      public Optional<Flow> find(String id) {
        return Optional.ofNullable(all.get(id));
      }

      @Override
      public List<Flow> list(Filter filter, String after, int limit) {
        NavigableMap<String, Flow> some =
            filter.user() != null
                ? byUser.getOrDefault(filter.user(), Collections.emptyNavigableMap())
                : filter.owner() != null
                    ? byReference.getOrDefault(filter.owner(), Collections.emptyNavigableMap())
                    : all;
        // Values of a part of a map would first be counted.
        return some.navigableKeySet().tailSet(after, false).stream()
            .map(some::get)
            .flatMap(Stream::ofNullable)
            .filter(filter::matches)
            .limit(limit)
            .toList();
      }
    };
  }

  private static void add(
      Flow flow, Principal of, Map<Principal, NavigableMap<String, Flow>> flows) {
    flows.computeIfAbsent(of, one -> new TreeMap<>()).put(flow.id(), flow);
  }
}
