package dev.connectorsdk.connection;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What uses a connection, and stops or changes with it. What its owner may not see is counted and
 * not named; an administrator sees all flows.
 *
 * @param references the logical names of the owner's references that lead there, in order
 * @param otherReferences how many references of others lead there
 * @param flows the ids of flows and apps that use it and that the reader may see, in order
 * @param otherFlows how many others use it
 * @param subscriptions how many subscriptions of triggers these flows have with it
 * @param lastUse when it was last called with, as far as the audit knows, or {@code null} if that
 *     is not known
 * @param isWhole whether these are all flows; else others use it too, which were not looked at any
 *     more: their subscriptions are not counted, nor need all be of these flows if several
 *     references lead to it
 */
public record ConnectionUsage(
    List<String> references,
    int otherReferences,
    List<String> flows,
    int otherFlows,
    int subscriptions,
    @Nullable Instant lastUse,
    boolean isWhole) {

  /** What all flows use. */
  public ConnectionUsage(
      List<String> references,
      int otherReferences,
      List<String> flows,
      int otherFlows,
      int subscriptions,
      @Nullable Instant lastUse) {
    this(references, otherReferences, flows, otherFlows, subscriptions, lastUse, true);
  }

  public ConnectionUsage {
    references = List.copyOf(references);
    flows = List.copyOf(flows);
  }
}
