package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.p;

import dev.connectorsdk.api.error.ResolutionException.Candidate;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.reference.ReferenceReadiness;
import dev.connectorsdk.reference.UsedConnection;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Optional;

/**
 * A connection that a reference leads to because it is the only one of its user's that works, and
 * that nobody has chosen.
 */
final class Substitute {

  private Substitute() {}

  /** Returns the connection; empty if the reference is not ready or leads to no substitute. */
  static Optional<UsedConnection> of(ReferenceReadiness one) {
    return Optional.ofNullable(one.connection())
        .filter(used -> one.isReady() && !others(one, used).isEmpty());
  }

  private static List<Candidate> others(ReferenceReadiness one, UsedConnection used) {
    return one.trail().stream()
        .filter(
            candidate ->
                candidate.connection() != null && !candidate.connection().equals(used.id()))
        .toList();
  }

  /** Returns how a reference is, and if it leads to a substitute, to which and why. */
  static DomContent state(ReferenceReadiness one) {
    return of(one).map(used -> state(one, used)).orElseGet(() -> Wording.readiness(one.state()));
  }

  private static DomContent state(ReferenceReadiness one, UsedConnection used) {
    return div(
        Html.badge(Tone.WARN, "Ready, with " + used.displayName()),
        each(others(one, used), other -> p("Not used: " + other.verdict()).withClass("hint")),
        Html.hint("None is chosen, so the only one that works is used."));
  }
}
