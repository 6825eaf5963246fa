package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.reference.References;
import java.util.List;
import java.util.Optional;

/**
 * What is tried.
 *
 * @param candidates the visitor's connections to the connector, the first {@value #MOST} of very
 *     many
 * @param connection the one that is used; empty if it has to be chosen first
 */
record TryTarget(
    Connector connector, Action<?, ?> action, List<Mine> candidates, Optional<Mine> connection) {

  /** How many are offered. Of others the page of the connection leads here. */
  static final int MOST = 100;

  private static final String REFERENCE = "console-";

  static TryTarget of(Visit visit) {
    Connector connector =
        visit.runtime().connector(visit.caller(), Entered.connector(visit.path("connector")));
    String operation = visit.query("operation").orElse("");
    Action<?, ?> action =
        connector
            .action(operation)
            .orElseThrow(
                () ->
                    new NotFoundException(
                        "action", operation, "The page of the connector lists them."));
    List<Mine> candidates =
        ConnectionPages.own(visit, connector.id(), MOST).stream()
            .map(one -> new Mine(one, Optional.of(connector)))
            .toList();
    Optional<Mine> chosen =
        visit
            .query("connection")
            .map(id -> chosen(visit, connector, id))
            .orElse(candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty());
    return new TryTarget(connector, action, candidates, chosen);
  }

  private static Optional<Mine> chosen(Visit visit, Connector connector, String id) {
    try {
      Connection one = visit.runtime().connections().get(visit.caller(), Entered.connection(id));
      return Optional.of(new Mine(one, Optional.of(connector)))
          .filter(mine -> mine.isOwn(visit) && one.connector().equals(connector.id()));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Returns whether a reference is the one by which the console itself calls a connection. */
  static boolean isConsoles(String logicalName, ConnectionId connection) {
    return logicalName.equals(REFERENCE + connection);
  }

  String title() {
    return action.title();
  }

  /**
   * Returns the reference that leads to the connection: a name for each, so that what is tried in
   * two windows does not meet.
   */
  ConnectionReference reference(Visit visit) {
    Connection used = connection.orElseThrow().connection();
    ConnectionReference reference =
        ConnectionReference.invoker(REFERENCE + used.id(), connector.id());
    References references = visit.runtime().references();
    if (!references.binding(visit.caller(), reference).equals(Optional.of(used.id()))) {
      references.bind(visit.caller(), reference, used.id());
    }
    return reference;
  }

  /** Returns the form with one of the candidates. */
  Link link(Visit visit, Mine mine) {
    return TryPages.link(visit, connector.id(), action.id()).with("connection", mine.id().value());
  }

  Link here(Visit visit) {
    return link(visit, connection.orElseThrow());
  }

  /** Returns what the request is sent by. */
  Link call(Visit visit) {
    Link here = here(visit);
    return new Link(here.path() + "/call", here.query());
  }
}
