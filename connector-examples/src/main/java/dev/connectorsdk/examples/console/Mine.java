package dev.connectorsdk.examples.console;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Connector;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.NotFoundException;
import java.util.Optional;

/** One of the visitor's connections, with what its connector says of it. */
record Mine(Connection connection, Optional<Connector> connector) {

  /**
   * Returns the connection that the path names.
   *
   * @throws NotFoundException if the visitor has none of this id
   */
  static Mine of(Visit visit) {
    ConnectionId id = Entered.connection(visit.path("id"));
    return of(visit, visit.runtime().connections().get(visit.caller(), id));
  }

  static Mine of(Visit visit, Connection connection) {
    return new Mine(connection, connector(visit, connection.connector()));
  }

  private static Optional<Connector> connector(Visit visit, ConnectorId id) {
    try {
      return Optional.of(visit.runtime().connector(visit.caller(), id));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  ConnectionId id() {
    return connection.id();
  }

  Standing standing() {
    return new Standing(connection.status());
  }

  String connectorTitle() {
    return connector.map(Connector::title).orElse(connection.connector().value());
  }

  Optional<AuthOption> option() {
    return connector.flatMap(one -> one.authOption(connection.authOption()));
  }

  /** Returns whether it is switched off, and can be seen and deleted alone. */
  boolean isDisabled() {
    return connection.status().state() == State.DISABLED;
  }

  boolean signsIn() {
    return option().map(one -> one.scheme().needsConsent()).orElse(false);
  }

  boolean isOwn(Visit visit) {
    return connection.owner().equals(visit.caller().principal());
  }

  String accountLabel() {
    return Wording.account(connection.account(), connection.status().isConnected());
  }

  /** Returns whether the visitor may grant rights on it: its owner, and who was granted that. */
  boolean mayShare(Visit visit) {
    return isOwn(visit) || visit.runtime().connections().mayGrant(visit.caller(), id());
  }

  Link link(Visit visit, String... below) {
    Link link = visit.to("connections", id().value());
    return below.length == 0 ? link : Link.below(link.path(), below);
  }
}
