package dev.connectorsdk.internal.governance;

import dev.connectorsdk.api.ConnectionReference;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.Flow;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides about many flows under two sets of policies at once, and looks each connector up once for
 * both: what takes time is to find what is known of it. For one thread.
 */
final class Compared {

  private static final int PARTS = 3;

  private final EnvironmentPolicies now;
  private final EnvironmentPolicies then;
  private final int wordsNow;
  private final Map<ConnectorId, Sorted> connectors = new HashMap<>();
  private final long[] used; // by the flow at hand, as in Sorted
  private boolean allowedNow;
  private boolean allowedThen;
  private boolean dependOnConnections;

  /**
   * What all policies say of a connector.
   *
   * @param bits for each 64 policies which of them have it in Business, which in Non-business and
   *     which in Blocked; those that hold now come first
   * @param limited whether some of them allow only some of its operations
   * @param byConnection whether the URL of each connection decides what some of them say
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Sorted(long[] bits, boolean limited, boolean byConnection) {}

  Compared(EnvironmentPolicies now, EnvironmentPolicies then) {
    this.now = now;
    this.then = then;
    this.wordsNow = now.active(null).words();
    this.used = new long[(wordsNow + then.active(null).words()) * PARTS];
  }

  /** Decides about a flow. */
  void decide(Flow flow) {
    Arrays.fill(used, 0);
    boolean limited = false;
    dependOnConnections = false;
    List<ConnectionReference> references = flow.references();
    for (int i = 0; i < references.size(); i++) {
      Sorted sorted = sorted(references.get(i).connector());
      limited |= sorted.limited();
      dependOnConnections |= sorted.byConnection();
      for (int bit = 0; bit < used.length; bit++) {
        used[bit] |= sorted.bits()[bit];
      }
    }
    allowedNow = limited ? now.isAllowed(flow) : isAllowed(now.active(flow.id()), 0);
    allowedThen = limited ? then.isAllowed(flow) : isAllowed(then.active(flow.id()), wordsNow);
  }

  private boolean isAllowed(PolicyBits active, int firstWord) {
    for (int word = 0; word < active.words(); word++) {
      int at = (firstWord + word) * PARTS;
      long against = (used[at] & used[at + 1]) | used[at + 2];
      if ((against & active.word(word)) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Returns whether the flow may do what it declares now. */
  boolean isAllowedNow() {
    return allowedNow;
  }

  /** Returns whether it may do so then. */
  boolean isAllowedThen() {
    return allowedThen;
  }

  /** Returns whether what is refused depends on where connections of the flow lead. */
  boolean dependOnConnections() {
    return dependOnConnections;
  }

  private Sorted sorted(ConnectorId id) {
    Sorted known = connectors.get(id);
    if (known == null) {
      known = sorted(now.sorted(id), then.sorted(id));
      connectors.put(id, known);
    }
    return known;
  }

  private Sorted sorted(SortedConnector here, SortedConnector there) {
    long[] bits = new long[used.length];
    copy(here, bits, 0);
    copy(there, bits, wordsNow);
    return new Sorted(
        bits,
        !here.actions().isEmpty() || !there.actions().isEmpty(),
        here.isSortedByConnection() || there.isSortedByConnection());
  }

  private static void copy(SortedConnector connector, long[] bits, int firstWord) {
    for (int word = 0; word < connector.blocked().words(); word++) {
      int at = (firstWord + word) * PARTS;
      bits[at] = connector.business().word(word);
      bits[at + 1] = connector.nonBusiness().word(word);
      bits[at + 2] = connector.blocked().word(word);
    }
  }
}
