package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.Flow;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.trigger.Subscription;
import dev.connectorsdk.trigger.Triggers;
import j2html.tags.DomContent;
import java.util.List;

/** Events that could not be handled, and wait for an owner of their flow. */
final class ParkedEvents {

  /** The id of the part of a flow's page that has its triggers. */
  static final String TRIGGERS = "triggers";

  private static final int LOOKED_AT = 100;

  private ParkedEvents() {}

  /** Returns how many a flow has, as a link to its triggers, if the visitor may know. */
  static DomContent ofFlow(Visit visit, Flow flow) {
    return shown(visit, flow, count(visit, flow));
  }

  /** Returns so many of a flow, as a link to its triggers. */
  static DomContent shown(Visit visit, Flow flow, long parked) {
    if (parked == 0) {
      return text("-");
    }
    String count = parked == 1 ? "1 parked event" : parked + " parked events";
    return a(Html.badge(Tone.WARN, count))
        .withHref(visit.to("flows", flow.id()) + "#" + TRIGGERS)
        .attr("aria-label", count + " of " + flow.id());
  }

  /** Returns how many a flow has; 0 if the visitor may not know. */
  static long count(Visit visit, Flow flow) {
    return subscriptions(visit, flow).stream().mapToLong(Subscription::parked).sum();
  }

  private static List<Subscription> subscriptions(Visit visit, Flow flow) {
    Triggers triggers = visit.runtime().triggers();
    if (isOwnedBy(visit.caller().principal(), flow)) {
      return triggers.list(visit.caller().running(flow));
    }
    return visit.visitor().administrator().isPresent()
        ? triggers.list(visit.administratorHere(), flow.id(), "", LOOKED_AT)
        : List.of();
  }

  /** Returns whether the visitor is named as one of the owners of a flow. */
  static boolean isOwnedBy(Principal visitor, Flow flow) {
    return flow.owner().equals(visitor) || flow.coOwners().contains(visitor);
  }
}
