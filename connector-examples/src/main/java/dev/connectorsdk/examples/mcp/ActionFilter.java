package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Effect;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which actions of which connectors are served. All that is said has to hold; of what is said in
 * one call, one thing has to. Actions that people are not offered are never served. Immutable.
 */
public final class ActionFilter {

  private static final ActionFilter ALL = new ActionFilter(Set.of(), List.of(), Set.of(), Set.of());

  private final Set<ConnectorId> connectors;
  private final List<Pattern> operations;
  private final Set<Effect> effects;
  private final Set<String> tags;

  private ActionFilter(
      Set<ConnectorId> connectors,
      List<Pattern> operations,
      Set<Effect> effects,
      Set<String> tags) {
    this.connectors = connectors;
    this.operations = operations;
    this.effects = effects;
    this.tags = tags;
  }

  /** Returns the filter that lets all actions pass. */
  public static ActionFilter all() {
    return ALL;
  }

  /** Returns this filter for the actions of these connectors; none given: of all. */
  public ActionFilter connectors(String... ids) {
    Set<ConnectorId> chosen =
        Stream.of(ids).map(ConnectorId::of).collect(Collectors.toUnmodifiableSet());
    return new ActionFilter(chosen, operations, effects, tags);
  }

  /**
   * Returns this filter for the actions with these ids; none given: for all.
   *
   * @param patterns ids, in which {@code *} stands for any text
   */
  public ActionFilter operations(String... patterns) {
    return new ActionFilter(
        connectors, Stream.of(patterns).map(ActionFilter::glob).toList(), effects, tags);
  }

  private static Pattern glob(String pattern) {
    String expression =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(expression);
  }

  /** Returns this filter for the actions with these effects; none given: for all. */
  public ActionFilter effects(Effect... chosen) {
    return new ActionFilter(connectors, operations, Set.copyOf(List.of(chosen)), tags);
  }

  /** Returns this filter for the actions that have one of these tags; none given: for all. */
  public ActionFilter tags(String... chosen) {
    return new ActionFilter(connectors, operations, effects, Set.copyOf(List.of(chosen)));
  }

  /** Returns whether an action of this connector may pass. */
  boolean mayTake(ConnectorId connector) {
    return connectors.isEmpty() || connectors.contains(connector);
  }

  /** Returns whether an action may pass of which no more than its id is known. */
  boolean mayTake(ConnectorId connector, String operation) {
    return mayTake(connector)
        && (operations.isEmpty()
            || operations.stream().anyMatch(pattern -> pattern.matcher(operation).matches()));
  }

  /** Returns whether more than its id has to be known of an action. */
  boolean looksInside() {
    return !effects.isEmpty() || !tags.isEmpty();
  }

  boolean takes(ConnectorId connector, Action<?, ?> action) {
    return mayTake(connector, action.id())
        && !action.isInternal()
        && (effects.isEmpty() || effects.contains(action.effect()))
        && (tags.isEmpty() || action.tags().stream().anyMatch(tags::contains));
  }
}
