package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.trigger.Subscription;
import j2html.tags.DomContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that could not be handled, and wait for an owner of their flow. */
final class ParkedEvents {

  /** The id of the part of a flow's page that has its triggers. */
  static final String TRIGGERS = "triggers";

  static final int LOOKED_AT = 100;

  /**
   * How many events are parked.
   *
   * @param isAll whether all triggers were looked at; else there may be more
   */
  record Count(long events, boolean isAll) {

    static final Count NONE = new Count(0, true);

    String inWords() {
      String count = events == 1 ? "1 parked event" : events + " parked events";
      return isAll ? count : "at least " + count;
    }
  }

  private ParkedEvents() {}

  /** Returns how many a flow has, as a link to its triggers, if the visitor may know. */
  static DomContent ofFlow(Visit visit, Flow flow) {
    return shown(visit, flow, count(visit, flow));
  }

  /** Returns so many of a flow, as a link to its triggers. */
  static DomContent shown(Visit visit, Flow flow, Count parked) {
    if (parked.events() == 0) {
      return text(parked.isAll() ? "-" : "not known");
    }
    String count = parked.inWords();
    return a(Html.badge(Tone.WARN, count))
        .withHref(visit.to("flows", flow.id()) + "#" + TRIGGERS)
        .attr("aria-label", count + " of " + flow.id());
  }

  /** Returns how many a flow has; 0 if the visitor may not know. */
  static Count count(Visit visit, Flow flow) {
    if (isOwnedBy(visit.caller().principal(), flow)) {
      return new Count(parked(visit.runtime().triggers().list(visit.caller().running(flow))), true);
    }
    return visit.visitor().administrator().isPresent()
        ? administered(visit, flow.id())
        : Count.NONE;
  }

  /**
   * Returns how many there are of the first triggers that an administrator looks after.
   *
   * @param flow of this flow alone; {@code null} for all
   */
  static Count administered(Visit visit, @Nullable String flow) {
    List<Subscription> found =
        visit.runtime().triggers().list(visit.administratorHere(), flow, "", LOOKED_AT + 1);
    return new Count(
        parked(found.subList(0, Math.min(LOOKED_AT, found.size()))), found.size() <= LOOKED_AT);
  }

  private static long parked(List<Subscription> some) {
    return some.stream().mapToLong(Subscription::parked).sum();
  }

  /** Returns whether the visitor is named as one of the owners of a flow. */
  static boolean isOwnedBy(Principal visitor, Flow flow) {
    return flow.owner().equals(visitor) || flow.coOwners().contains(visitor);
  }
}
