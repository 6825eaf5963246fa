package dev.connectorsdk.internal.trigger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What proves that no event is missing, as text: and, once said, where some may be. */
enum Proof {
  POLL("poll"),
  GAP_POLL("gap poll"),
  DELIVERY_LOG("delivery log");

  private static final String GAP = "; events may be missing ";

  private final String name;

  Proof(String name) {
    this.name = name;
  }

  /** A gap that was stated stays stated. */
  String after(String before) {
    int gap = before.indexOf(GAP);
    return gap < 0 ? name : name + before.substring(gap);
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
