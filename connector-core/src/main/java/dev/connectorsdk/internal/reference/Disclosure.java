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
 * What a caller may be told of a connection that a reference leads to: of an own one everything;
 * the names of one of somebody else's that the caller has chosen for the reference, or that is used
 * by a flow that the caller may change; of others nothing.
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
    /**
     * Who has chosen it, or may change the flow that uses it: by what names people know it, and
     * what it lacks.
     */
    INFORMED,
    /** Who may run the flow alone, and has not chosen it: nothing. */
    OTHER
  }

  /**
   * Returns who a caller is of those who are told of a connection.
   *
   * @param isChosen whether the caller has chosen the connection, and may use it
   */
  Audience audience(Caller caller, Connection connection, boolean isChosen) {
    if (isOwn(caller, connection)) {
      return Audience.OWNER;
    }
    return isChosen || mayChangeWhatUsesIt(caller) ? Audience.INFORMED : Audience.OTHER;
  }

  static boolean isOwn(Caller caller, Connection connection) {
    return connection.owner().equals(caller.principal());
  }

  private boolean mayChangeWhatUsesIt(Caller caller) {
    Flow flow = caller.flow();
    // Without a flow it is an own reference, which the caller has bound.
    return flow == null || roles.mayChange(flow, caller.principal());
  }

  /**
   * Returns a connection as the caller may know it, or {@code null} if the caller may not.
   *
   * @param isChosen whether the caller has chosen the connection, and may use it
   */
  @Nullable UsedConnection used(Caller caller, Connection connection, boolean isChosen) {
    return switch (audience(caller, connection, isChosen)) {
      case OWNER -> withId(connection);
      case INFORMED -> withoutId(connection);
      case OTHER -> null;
    };
  }

  /**
   * Returns a connection by its names, without its id: this much administrators may know of every
   * connection, and others of those that they are told of.
   */
  static UsedConnection withoutId(Connection connection) {
    return new UsedConnection(
        null, connection.connector(), connection.displayName(), connection.account());
  }

  /** Returns a connection with its id, for its owner or an administrator who looks after it. */
  static UsedConnection withId(Connection connection) {
    return new UsedConnection(
        connection.id(), connection.connector(), connection.displayName(), connection.account());
  }

  /**
   * Returns a trail of one connection, or an empty one if the caller may not know it.
   *
   * @param isChosen whether the caller has chosen the connection, and may use it
   */
  List<Candidate> trail(Caller caller, Connection connection, boolean isChosen, String verdict) {
    return switch (audience(caller, connection, isChosen)) {
      case OWNER -> List.of(new Candidate(connection.id(), verdict));
      case INFORMED -> List.of(new Candidate(null, names(connection) + " " + verdict));
      case OTHER -> List.of();
    };
  }

  /** Returns by what people know a connection. */
  static String names(Connection connection) {
    return withoutId(connection).names();
  }
}
