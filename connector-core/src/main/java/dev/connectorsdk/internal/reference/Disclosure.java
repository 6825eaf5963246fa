package dev.connectorsdk.internal.reference;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.Connection;
import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.internal.sharing.Roles;
import dev.connectorsdk.reference.UsedConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may be told of a connection that a reference leads to: of an own one everything, of
 * one that a flow uses its names if the caller may change the flow, of others nothing.
 */
final class Disclosure {

  private final Roles roles;

  Disclosure(Roles roles) {
    this.roles = roles;
  }

  /** Who is told of a connection. */
  enum Audience {
    /** Whose it is: everything is told. */
    OWNER,
    /** Who may change the flow that uses it: by what names people know it, and what it lacks. */
    CO_OWNER,
    /** Who may run the flow alone: nothing. */
    OTHER
  }

  Audience audience(Caller caller, Connection connection) {
    if (isOwn(caller, connection)) {
      return Audience.OWNER;
    }
    return mayRecognise(caller, connection) ? Audience.CO_OWNER : Audience.OTHER;
  }

  static boolean isOwn(Caller caller, Connection connection) {
    return connection.owner().equals(caller.principal());
  }

  private boolean mayRecognise(Caller caller, Connection connection) {
    Flow flow = caller.flow();
    // Without a flow it is an own reference, which the caller has bound.
    return isOwn(caller, connection) || flow == null || roles.mayChange(flow, caller.principal());
  }

  /** Returns a connection as the caller may know it, or {@code null} if the caller may not. */
  @Nullable UsedConnection used(Caller caller, Connection connection) {
    return mayRecognise(caller, connection)
        ? new UsedConnection(
            isOwn(caller, connection) ? connection.id() : null,
            connection.connector(),
            connection.displayName(),
            connection.account())
        : null;
  }

  /** Returns a connection as an administrator may know it, or whoever has chosen it. */
  static UsedConnection withoutId(Connection connection) {
    return new UsedConnection(
        null, connection.connector(), connection.displayName(), connection.account());
  }

  /** Returns a connection as an administrator may know it who looks after it. */
  static UsedConnection withId(Connection connection) {
    return new UsedConnection(
        connection.id(), connection.connector(), connection.displayName(), connection.account());
  }

  /** Returns a trail of one connection, or an empty one if the caller may not know it. */
  List<Candidate> trail(Caller caller, Connection connection, String verdict) {
    if (isOwn(caller, connection)) {
      return List.of(new Candidate(connection.id(), verdict));
    }
    return mayRecognise(caller, connection)
        ? List.of(new Candidate(null, names(connection) + " " + verdict))
        : List.of();
  }

  /** Returns by what people know a connection. */
  static String names(Connection connection) {
    return withoutId(connection).names();
  }
}
