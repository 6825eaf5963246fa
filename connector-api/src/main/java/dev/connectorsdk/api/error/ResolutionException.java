package dev.connectorsdk.api.error;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reference does not lead to exactly one connection that the caller may use. There is a subclass
 * for each reason; nothing was sent.
 *
 * <p>It may be shown to the caller: it tells of the caller's own connections all that there is to
 * tell, to the owner and the co-owners of a flow by what names people know the connection that the
 * flow uses, and of other connections nothing. One that does not exist and one that is somebody
 * else's look the same. The remedy speaks to the caller.
 */
public abstract sealed class ResolutionException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final transient ConnectionReference reference;
  private final transient Caller caller;
  private final transient List<Candidate> trail;

  /**
   * A connection that was considered.
   *
   * @param connection which, or {@code null} if it is not the caller's own
   * @param verdict why it lost, or that it fits
   */
  public record Candidate(@Nullable ConnectionId connection, String verdict) {

    @Override
    public String toString() {
      return connection == null ? verdict : connection + ": " + verdict;
    }
  }

  private ResolutionException(
      ConnectionReference reference,
      Caller caller,
      List<Candidate> trail,
      String problem,
      String remedy) {
    super(message(reference, caller, problem, trail), remedy, null);
    this.reference = reference;
    this.caller = caller;
    this.trail = List.copyOf(trail);
  }

  /** Where no connection was considered. */
  private ResolutionException(
      ConnectionReference reference, Caller caller, String problem, String remedy) {
    this(reference, caller, List.of(), problem, remedy);
  }

  private static String message(
      ConnectionReference reference, Caller caller, String problem, List<Candidate> trail) {
    String head = "Reference '" + reference.logicalName() + "' for " + caller + ": " + problem;
    return trail.isEmpty() ? head : head + " Considered: " + trail;
  }

  private static String bind(Caller caller, String what) {
    return caller.flow() == null
        ? "Bind the reference to " + what
        : "Have the owner or a co-owner of the flow bind the reference to " + what;
  }

  /** Returns the reference that could not be resolved. */
  public ConnectionReference reference() {
    return reference;
  }

  /** Returns for whom it was to be resolved. */
  public Caller caller() {
    return caller;
  }

  /**
   * Returns the connections that were considered and that the caller may know of, and why each
   * lost; may be empty.
   */
  public List<Candidate> trail() {
    return trail;
  }

  @Override
  public boolean userMustAct() {
    return true;
  }

  /** An embedded reference has no connection in this environment. */
  public static final class Unbound extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Unbound(ConnectionReference reference, Caller caller) {
      super(
          reference,
          caller,
          "no connection is bound in this environment.",
          bind(caller, "a connection in this environment."));
    }
  }

  /** The caller has no own connection for an invoker reference. */
  public static final class ConnectionRequired extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public ConnectionRequired(ConnectionReference reference, Caller caller) {
      super(
          reference,
          caller,
          "the caller has no own connection of connector '" + reference.connector() + "'.",
          "Make your own connection to '" + reference.connector() + "' first.");
    }
  }

  /** Several connections of the caller fit, and none was chosen. */
  public static final class Ambiguous extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Ambiguous(ConnectionReference reference, Caller caller, List<Candidate> trail) {
      super(
          reference,
          caller,
          trail,
          "several connections fit and none was chosen.",
          "Choose which of your connections to '"
              + reference.connector()
              + "' is to be used, and have it bound to the reference.");
    }
  }

  /**
   * The connection that is to be bound, or is bound, may not be used for this work: it is not the
   * caller's or not the owner's of the reference, does not exist, or belongs to another connector
   * or another environment.
   */
  public static final class Foreign extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Foreign(ConnectionReference reference, Caller caller, List<Candidate> trail) {
      super(
          reference,
          caller,
          trail,
          "the connection may not be used for this work.",
          remedy(reference, caller));
    }

    private static String remedy(ConnectionReference reference, Caller caller) {
      return reference.source() == ConnectionReference.Source.INVOKER || caller.flow() == null
          ? "Choose one of your own connections."
          : "Have the owner or a co-owner of the flow bind one of their own connections.";
    }
  }

  /**
   * A co-owner's connection takes the place of the bound one in this flow, and its owner is no
   * longer a co-owner. The flow does not go back to the bound one by itself: that would run it as
   * another account than the one it was left with.
   */
  public static final class Withdrawn extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Withdrawn(ConnectionReference reference, Caller caller) {
      super(
          reference,
          caller,
          "the connection was put into the flow by somebody who is no longer a co-owner of it.",
          "Have the owner or a co-owner of the flow bind one of their own connections, or unbind"
              + " the one that was put there.");
    }
  }

  /** The bound connection was deleted. */
  public static final class Deleted extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Deleted(ConnectionReference reference, Caller caller, List<Candidate> trail) {
      super(
          reference,
          caller,
          trail,
          "the bound connection no longer exists.",
          bind(caller, "another connection."));
    }
  }

  /** The connection exists and may be used, but is not connected. */
  public static final class Broken extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /**
     * See {@link ResolutionException}.
     *
     * @param remedy what this caller can do about it, as a sentence
     */
    public Broken(
        ConnectionReference reference, Caller caller, List<Candidate> trail, String remedy) {
      super(reference, caller, trail, "the connection is not ready for use.", remedy);
    }
  }

  /**
   * The caller may not run or change the flow, or the flow or the caller may not use the reference.
   */
  public static final class Denied extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /**
     * See {@link ResolutionException}.
     *
     * @param problem what is not allowed, as a sentence
     * @param remedy what to do about it, as a sentence
     */
    public Denied(ConnectionReference reference, Caller caller, String problem, String remedy) {
      super(reference, caller, problem, remedy);
    }
  }
}
