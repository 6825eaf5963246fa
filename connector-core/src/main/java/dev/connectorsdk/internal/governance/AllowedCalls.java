package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.Flow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some of the calls of flows that the policies allow, each in the only place where it can be; the
 * first one to get there stays. A call is known by its objects, which hosts keep: comparing them
 * takes no longer than a read of a cache, and makes nothing. Safe for several threads, because what
 * one of them does not see is only decided again.
 */
final class AllowedCalls {

  private static final int PLACES = 4_096;

  private final @Nullable Call[] calls = new Call[PLACES];

  private record Call(Flow flow, ConnectionReference reference, String operation) {}

  @SuppressWarnings("ReferenceEquality") // an equal one is decided anew
  boolean contains(Flow flow, ConnectionReference reference, String operation) {
    Call call = calls[place(flow, operation)];
    return call != null
        && call.flow == flow
        && call.reference == reference
        && call.operation == operation;
  }

  void add(Flow flow, ConnectionReference reference, String operation) {
    int place = place(flow, operation);
    if (calls[place] == null) {
      calls[place] = new Call(flow, reference, operation);
    }
  }

  void clear() {
    Arrays.fill(calls, null);
  }

  private static int place(Flow flow, String operation) {
    int hash = (System.identityHashCode(flow) ^ operation.hashCode()) * 0x9E3779B9;
    return hash >>> 20;
  }
}
