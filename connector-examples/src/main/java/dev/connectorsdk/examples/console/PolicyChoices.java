package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;

import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorOperation;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.spi.FlowDirectory.Filter;
import dev.connectorsdk.governance.DataPolicy;
import dev.connectorsdk.governance.DataPolicy.Group;
import j2html.tags.DomContent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is known here, to choose from where a form about policies asks for an id. */
final class PolicyChoices {

  /** The id of the list of connectors. */
  static final String CONNECTORS = "known-connectors";

  /** The id of the list of actions and triggers. */
  static final String OPERATIONS = "known-operations";

  /** The id of the list of flows. */
  static final String FLOWS = "known-flows";

  private static final int MOST_CONNECTORS = 2_000;
  private static final int MOST_OPENED = 10;
  private static final int MOST_FLOWS = 200;

  private PolicyChoices() {}

  /** Returns the lists for forms that change a policy. */
  static DomContent forChanges(Visit visit, DataPolicy policy) {
    return each(connectors(visit), Html.choices(OPERATIONS, operations(visit, policy)));
  }

  /** Returns the lists for questions about policies. */
  static DomContent forQuestions(Visit visit) {
    Map<String, String> flows = new TreeMap<>();
    for (Flow flow : visit.site().flows().list(Filter.ALL, "", MOST_FLOWS)) {
      flows.put(flow.id(), "of " + visit.name(flow.owner()));
    }
    return each(connectors(visit), Html.choices(FLOWS, flows));
  }

  private static DomContent connectors(Visit visit) {
    return Html.choices(
        CONNECTORS,
        visit.runtime().connectors(visit.caller()).stream()
            .limit(MOST_CONNECTORS)
            .collect(
                Collectors.toMap(
                    one -> one.id().value(), Connector::title, (a, b) -> a, TreeMap::new)));
  }

  /**
   * Those of the connectors that the policy names: which one somebody is about to enter is not
   * known, and to open all that there are takes long.
   */
  private static Map<String, String> operations(Visit visit, DataPolicy policy) {
    Set<String> named = new TreeSet<>(policy.connectorsWithActionRules());
    Stream.of(Group.values()).map(policy::connectors).forEach(named::addAll);
    Map<String, String> operations = new TreeMap<>();
    named.stream()
        .map(PolicyNames::key)
        .flatMap(id -> Entered.connector(Optional.of(id)).stream())
        .flatMap(id -> PolicyChangeForm.find(visit, id).stream())
        .limit(MOST_OPENED)
        .flatMap(PolicyChoices::operations)
        .forEach(operation -> operations.putIfAbsent(operation.id(), operation.title()));
    return operations;
  }

  private static Stream<ConnectorOperation> operations(Connector connector) {
    return Stream.<ConnectorOperation>concat(
            connector.actions().stream(), connector.triggers().stream())
        .filter(one -> !one.isInternal());
  }
}
