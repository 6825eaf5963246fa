package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.definition.DefinitionCatalogue;
import dev.connectorsdk.runtime.ConnectorRuntime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The actions that are served, and the flow that declares them. Of a catalogue no definition is
 * read before one of its actions is needed.
 */
final class ServedSet {

  private final ConnectorRuntime runtime;
  private final Caller any;
  private final Flow flow;
  private final Map<String, ServedAction> actions = new LinkedHashMap<>();

  private ServedSet(
      ConnectorRuntime runtime, Caller any, Flow flow, Collection<ServedAction> actions) {
    this.runtime = runtime;
    this.any = any;
    this.flow = flow;
    actions.forEach(action -> this.actions.put(action.name(), action));
  }

  /**
   * Returns the actions that a flow declares.
   *
   * @param any the flow itself as a caller, which says in which environment
   */
  static ServedSet declaredBy(
      Flow flow, ConnectorRuntime runtime, Caller any, @Nullable DefinitionCatalogue catalogue) {
    List<ServedAction> served = new ArrayList<>();
    for (ConnectionReference reference : flow.references()) {
      Connector connector = runtime.connector(any, reference.connector());
      Set<String> declared = flow.operations(reference);
      titles(connector, catalogue, ActionFilter.all())
          .forEach(
              (operation, title) -> {
                if (declared.contains(operation)) {
                  served.add(action(reference, connector, operation, title));
                }
              });
    }
    return new ServedSet(runtime, any, flow, served);
  }

  /**
   * Returns the actions of an environment that pass, each with the caller's own connection. The
   * flow declares them besides what it declares already.
   */
  static ServedSet chosenBy(
      ActionFilter filter,
      Flow flow,
      ConnectorRuntime runtime,
      Caller any,
      @Nullable DefinitionCatalogue catalogue) {
    List<ServedAction> served =
        new ArrayList<>(declaredBy(flow, runtime, any, catalogue).actions.values());
    Flow declaring = flow;
    for (Connector connector : inOrder(runtime.connectors(any))) {
      if (!filter.mayTake(connector.id())) {
        continue;
      }
      ConnectionReference own = ConnectionReference.invoker(connector.id().value(), connector.id());
      Map<String, String> titles = titles(connector, catalogue, filter);
      titles.forEach((operation, title) -> served.add(action(own, connector, operation, title)));
      if (!titles.isEmpty()) {
        declaring = declaring.calling(own, titles.keySet().toArray(String[]::new));
      }
    }
    return new ServedSet(runtime, any, declaring, served);
  }

  private static List<Connector> inOrder(Collection<Connector> connectors) {
    return connectors.stream().sorted(Comparator.comparing(c -> c.id().value())).toList();
  }

  /** Returns the titles of the actions that pass, by their ids. */
  private static Map<String, String> titles(
      Connector connector, @Nullable DefinitionCatalogue catalogue, ActionFilter filter) {
    Map<String, String> titles = new LinkedHashMap<>();
    if (catalogue != null && DefinitionCatalogue.holds(connector) && !filter.looksInside()) {
      catalogue.find(connector.id()).orElseThrow().operations().stream()
          .filter(operation -> !operation.trigger() && !operation.internal())
          .filter(operation -> filter.mayTake(connector.id(), operation.id()))
          .forEach(operation -> titles.put(operation.id(), operation.title()));
      return titles;
    }
    for (Action<?, ?> action : connector.actions()) {
      if (filter.takes(connector.id(), action)) {
        titles.put(action.id(), action.title());
      }
    }
    return titles;
  }

  private static ServedAction action(
      ConnectionReference reference, Connector connector, String operation, String title) {
    String name = ToolNames.of(reference.logicalName(), operation);
    return new ServedAction(name, reference, connector.title(), operation, title);
  }

  /** Returns the flow, with the references and operations that are served. */
  Flow flow() {
    return flow;
  }

  Collection<ServedAction> all() {
    return actions.values();
  }

  Optional<ServedAction> find(String tool) {
    return Optional.ofNullable(actions.get(tool));
  }

  /** Returns the action itself; empty if its definition says what cannot be called. */
  Optional<Action<?, ?>> read(ServedAction served) {
    return runtime.connector(any, served.connector()).action(served.operation());
  }
}
