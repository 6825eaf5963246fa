package dev.connectorsdk.api.error;

import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionId;
import dev.connectorsdk.api.ConnectionReference;
import java.util.List;

/**
 * A reference does not lead to exactly one connection that the caller may use. There is a subclass
 * for each reason; nothing was sent.
 */
public abstract sealed class ResolutionException extends ConnectorException {

  private static final long serialVersionUID = 1L;

  private final transient ConnectionReference reference;
  private final transient Caller caller;
  private final transient List<Candidate> trail;

  /**
   * A connection that was considered.
   *
   * @param connection which
   * @param verdict why it lost, or that it fits
   */
  public record Candidate(ConnectionId connection, String verdict) {

    @Override
    public String toString() {
      return connection + ": " + verdict;
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

  private static String message(
      ConnectionReference reference, Caller caller, String problem, List<Candidate> trail) {
    String head = "Reference '" + reference.logicalName() + "' for " + caller + ": " + problem;
    return trail.isEmpty() ? head : head + " Considered: " + trail;
  }

  /** Returns the reference that could not be resolved. */
  public ConnectionReference reference() {
    return reference;
  }

  /** Returns for whom it was to be resolved. */
  public Caller caller() {
    return caller;
  }

  /** Returns every connection that was considered, and why it lost; may be empty. */
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
          List.of(),
          "no connection is bound in this environment.",
          "Bind the reference to a connection in this environment.");
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
          List.of(),
          "the caller has no own connection of connector '" + reference.connector() + "'.",
          "Ask the caller to make a connection in this environment.");
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
          "Let the caller choose one of the connections and bind it for this reference.");
    }
  }

  /**
   * The bound connection belongs to somebody whose connections this work may not use, to another
   * connector, or to another environment.
   */
  public static final class Foreign extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Foreign(ConnectionReference reference, Caller caller, List<Candidate> trail) {
      super(
          reference,
          caller,
          trail,
          "the bound connection may not be used for this work.",
          remedy(reference, caller));
    }

    private static String remedy(ConnectionReference reference, Caller caller) {
      if (reference.source() == ConnectionReference.Source.INVOKER) {
        return "Choose one of the caller's own connections.";
      }
      return caller.flow() == null
          ? "Call for a flow, caller.running(flow), or bind an own connection."
          : "Bind the reference to a connection of an owner of the flow.";
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
          "Bind the reference to another connection.");
    }
  }

  /** The connection exists and may be used, but is not connected. */
  public static final class Broken extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /** See {@link ResolutionException}. */
    public Broken(ConnectionReference reference, Caller caller, List<Candidate> trail) {
      super(
          reference,
          caller,
          trail,
          "the connection is not ready for use.",
          "Ask the owner of the connection to fix it; its id stays the same.");
    }
  }

  /** The caller may not run the flow, or the flow may not use the reference. */
  public static final class Denied extends ResolutionException {
    private static final long serialVersionUID = 1L;

    /**
     * See {@link ResolutionException}.
     *
     * @param problem what is not allowed, as a sentence
     */
    public Denied(ConnectionReference reference, Caller caller, String problem) {
      super(
          reference,
          caller,
          List.of(),
          problem,
          "Have an owner of the flow add the caller, or declare the reference.");
    }
  }
}
