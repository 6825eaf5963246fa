package dev.connectorsdk.internal.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What proves that no event is missing, as text: and, once said, where some may be. */
final class Proof {

  private static final String POLL = "poll";
  private static final String GAP = "; events may be missing ";

  private Proof() {}

  /** A gap that was stated stays stated. */
  static String byPoll(String before) {
    int gap = before.indexOf(GAP);
    return gap < 0 ? POLL : POLL + before.substring(gap);
  }

  static String withGap(String before, @Nullable Instant since, Instant until) {
    int known = before.indexOf(GAP);
    String proof = known < 0 ? before : before.substring(0, known);
    return (proof.isEmpty() ? "nothing" : proof)
        + GAP
        + (since == null ? "" : "from " + since + " ")
        + "to "
        + until;
  }
}
