package dev.connectorsdk.internal.invocation;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Caller;
import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.internal.cache.ChangeCount;
import dev.connectorsdk.internal.cache.Moment;
import dev.connectorsdk.internal.connection.OpenConnection;
import dev.connectorsdk.internal.schema.InputValidator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of the calls that were allowed lately, each with the connection that it used, in the only
 * place where it can be; the last one to get there stays. To find one makes nothing.
 *
 * <p>A call is known by its caller, its reference and its action. That it is allowed, and on which
 * connection, follows from what is looked up for it:
 *
 * <ul>
 *   <li>that the action is the one of the reference's connector, which nobody replaces while the
 *       runtime runs (calls of others are not kept);
 *   <li>the definitions of stored connectors that the caller's flow uses, where there are data
 *       policies, which judge it by them;
 *   <li>the data policies, and what they say of connectors (not kept where each decision is
 *       observed);
 *   <li>who may run the flow: owners and users of the caller's flow, which is immutable, and where
 *       one of these is a group, for how long the host's answer about its members counts;
 *   <li>the bindings and shares of the reference, and when a share ends;
 *   <li>the grants on the reference and on the connection, and when one of them ends; of those to
 *       groups the same as above;
 *   <li>the connections that the caller has, where none is bound;
 *   <li>the connection: its status, its granted scopes, and when its credential ends.
 * </ul>
 *
 * <p>So it holds until the first of these is no longer fresh or ends, until something is changed in
 * this process or another one is known to have changed it, and never before it was kept: the {@link
 * Moment} and the {@link ChangeCount} of the look-ups tell. What may hold no longer because of a
 * change is not kept beside what was looked up since, and all of it can be {@linkplain #forget
 * forgotten}: a connection has secrets. Safe for several threads, because what one of them does not
 * find is only looked up again.
 */
final class AllowedCalls {

  private static final int PLACES = 512;

  private final ChangeCount changes;
  private final @Nullable AllowedCall[] calls = new AllowedCall[PLACES]; // written under this
  private long changesUntilLast; // guarded by this

  /**
   * @param changes counts what is changed of what calls depend on
   */
  AllowedCalls(ChangeCount changes) {
    this.changes = changes;
  }

  /**
   * A call that was allowed.
   *
   * @param changes how many there were before anything was looked up for it
   * @param from since when it is known, in milliseconds
   * @param until when the first of what was looked up may be different, in milliseconds
   */
  record AllowedCall(
      Caller caller,
      ConnectionReference reference,
      Action<?, ?> action,
      OpenConnection connection,
      InputValidator<?> validator,
      long changes,
      long from,
      long until) {

    /** Returns whether it is still allowed. */
    boolean holds(long now, long changesUntilNow) {
      return changes == changesUntilNow && now >= from && now < until;
    }

    @SuppressWarnings("ReferenceEquality") // Comparing what hosts keep takes no time.
    boolean isOf(Caller caller, ConnectionReference reference, Action<?, ?> action) {
      return this.action == action
          && (this.caller == caller || this.caller.equals(caller))
          && (this.reference == reference || this.reference.equals(reference));
    }
  }

  /** Returns a call that was allowed, or {@code null} if it is not known. */
  @Nullable AllowedCall find(Caller caller, ConnectionReference reference, Action<?, ?> action) {
    AllowedCall call = calls[place(caller, reference, action)];
    return call != null && call.isOf(caller, reference, action) ? call : null;
  }

  /** Keeps a call, if it can come again before something is different. */
  synchronized void add(AllowedCall call) {
    long changesUntilNow = changes.get();
    if (call.changes != changesUntilNow || call.until <= call.from) {
      return;
    }
    if (changesUntilLast != changesUntilNow) {
      changesUntilLast = changesUntilNow;
      forget();
    }
    calls[place(call.caller, call.reference, call.action)] = call;
  }

  /**
   * Forgets all calls. One that is allowed by what was there before the last change is not kept
   * afterwards.
   */
  synchronized void forget() {
    Arrays.fill(calls, null);
  }

  private static int place(Caller caller, ConnectionReference reference, Action<?, ?> action) {
    int hash = caller.principal().id().hashCode();
    hash = hash * 31 + caller.environment().name().hashCode();
    hash = hash * 31 + (caller.flow() == null ? 0 : caller.flow().id().hashCode());
    hash = hash * 31 + reference.logicalName().hashCode();
    hash = hash * 31 + action.id().hashCode();
    return (hash * 0x9E3779B9) >>> 23; // The upper 9 bits are one of the places.
  }
}
