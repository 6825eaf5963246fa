package dev.connectorsdk.reference;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.error.ResolutionException.Candidate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a caller could use a reference now. It may be shown to whoever has asked for it: the
 * caller, or an administrator.
 *
 * @param reference the reference
 * @param state whether it is ready, or why not
 * @param connection the connection that it leads to, ready or broken; {@code null} if there is
 *     none, or if the caller may not know it. Whoever may only run a flow does not get to know the
 *     connections of the flow, but those that they have chosen for it themselves
 * @param explanation what is missing, with every connection that was considered and that the caller
 *     may know of; empty if ready
 * @param remedy what to do about it; empty if ready
 * @param trail the connections that were considered and that the caller may know of, and why each
 *     was chosen or not
 */
public record ReferenceReadiness(
    ConnectionReference reference,
    State state,
    @Nullable UsedConnection connection,
    String explanation,
    String remedy,
    List<Candidate> trail) {

  public ReferenceReadiness {
    trail = List.copyOf(trail);
  }

  /** Whether a reference is ready, or why not. */
  public enum State {
    /** A call would find its connection. */
    READY,
    /** An embedded reference is not bound in this environment. */
    UNBOUND,
    /** The caller has to make an own connection first. */
    CONNECTION_REQUIRED,
    /** The caller has to choose among several own connections. */
    AMBIGUOUS,
    /** The connection is there and does not work, or is deleted. */
    BROKEN,
    /** A data policy suspends the flow, or blocks the connector. */
    SUSPENDED,
    /** The caller, the flow, the reference or the bound connection is not allowed. */
    DENIED
  }

  /** Returns whether a call would find its connection. */
  public boolean isReady() {
    return state == State.READY;
  }
}
