package dev.connectorsdk.examples.console;

import static j2html.TagCreator.code;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.gateway.Gateway;
import dev.connectorsdk.gateway.GatewayStatus;
import dev.connectorsdk.gateway.GatewayStatus.Line;
import j2html.tags.DomContent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Gateways to inside networks, with their members and how these are. */
final class GatewayPages implements Pages {

  private static final Duration MUCH_SKEW = Duration.ofMinutes(1);

  @Override
  public void addTo(Routes routes) {
    routes.administratorsGet("administration/gateways", GatewayPages::list);
    routes.administratorsGet("administration/gateways/{id}", GatewayPages::one);
  }

  private static List<Gateway> gateways(Visit visit) {
    return visit.runtime().gateways().list(visit.administratorHere());
  }

  private static Answer list(Visit visit) {
    Table table = new Table("Gateways", "Gateway", "Members", "Requests go", "May be used by");
    for (Gateway gateway : gateways(visit)) {
      table.row(
          Html.link(gateway.name(), visit.to("administration", "gateways", gateway.id())),
          members(gateway),
          text(gateway.spread() ? "to all members in turn" : "to the first that is there"),
          text(gateway.shares().size() + " users, services and groups"));
    }
    return Answer.page(
            Section.GATEWAYS,
            "Gateways",
            Html.part(
                "Gateways in " + visit.caller().environment(), table.orElse("There is none.")))
        .intro("Ways to services that only an inside network reaches.");
  }

  private static DomContent members(Gateway gateway) {
    long waiting = gateway.members().stream().filter(member -> !member.confirmed()).count();
    return div(
        text(String.valueOf(gateway.members().size())),
        iff(waiting > 0, p(waiting + " of them not let in yet")));
  }

  private static Answer one(Visit visit) {
    String id = visit.path("id");
    Gateway gateway =
        gateways(visit).stream()
            .filter(one -> one.id().equals(id))
            .findFirst()
            .orElseThrow(() -> new NotFoundException("gateway", id, "There is none here."));
    GatewayStatus status = visit.runtime().gateways().status(visit.administratorHere(), id);
    return Answer.page(
            Section.GATEWAYS,
            gateway.name(),
            health(status),
            Html.part("Members", members(gateway, status), lines(status)),
            Html.part("Who may use it", shares(visit, gateway)),
            Html.part("Details", facts(gateway, status)))
        .intro("The host cannot read the secrets that are sealed for it.");
  }

  private static DomContent health(GatewayStatus status) {
    long there = status.members().stream().filter(GatewayStatus.Member::isConnected).count();
    if (status.members().isEmpty()) {
      return Html.problem(
          "It has no members: nothing goes through it.",
          "Have somebody who looks after it get a registration code, and start a member with it.");
    }
    if (there == 0) {
      return Html.problem(
          "None of its members has a line: nothing goes through it.",
          "Start a member inside the network, and see that it may dial out to this host.");
    }
    return div(p(strong("Members with a line: " + there + " of " + status.members().size() + ".")))
        .withClass(there == status.members().size() ? "notice good" : "notice warn");
  }

  private static DomContent members(Gateway gateway, GatewayStatus status) {
    Table table =
        new Table("Members", "Member", "State", "Last heard of", "Registered", "Fingerprint");
    for (Gateway.Member member : gateway.members()) {
      GatewayStatus.Member now =
          status.members().stream()
              .filter(one -> one.id().equals(member.id()))
              .findFirst()
              .orElse(null);
      table.row(
          text(member.name()),
          now == null ? text("-") : state(now),
          now == null ? text("-") : Html.time(now.lastSeen()),
          Html.time(member.registeredAt()),
          code(member.fingerprint()));
    }
    return table.orElse("There is none.");
  }

  private static DomContent state(GatewayStatus.Member member) {
    GatewayStatus.Copy copy = member.copy();
    return div(
        !member.confirmed()
            ? Html.badge(Tone.WARN, "Not let in yet")
            : member.isConnected()
                ? Html.badge(Tone.GOOD, "Connected")
                : Html.badge(Tone.BAD, "No line"),
        copy == null
            ? each()
            : p(
                text("Somebody else has shown its key, from " + copy.address() + " at "),
                Html.time(copy.at())));
  }

  private static DomContent lines(GatewayStatus status) {
    Table table =
        new Table("Lines", "Member", "From", "Version", "Since", "Clock", "Under way", "Queued");
    for (GatewayStatus.Member member : status.members()) {
      for (Line line : member.lines()) {
        boolean late = line.skew().abs().compareTo(MUCH_SKEW) > 0;
        table.row(
            text(member.name()),
            text(line.address()),
            text(line.version()),
            Html.time(line.since()),
            late ? Html.badge(Tone.WARN, line.skew().toSeconds() + " s ahead") : text("right"),
            text(String.valueOf(line.inFlight())),
            text(String.valueOf(line.queued())));
      }
    }
    return table.orElse("There is no line.");
  }

  private static DomContent shares(Visit visit, Gateway gateway) {
    Table table = new Table("Shares", "Who", "May", "Said by");
    for (Gateway.Share share : gateway.shares()) {
      table.row(
          text(visit.name(share.with())),
          text(
              share.role() == Gateway.Role.ADMIN
                  ? "look after it, and make connections through it"
                  : "make connections through it"),
          text(visit.name(share.by())));
    }
    return table.orElse("Nobody.");
  }

  private static DomContent facts(Gateway gateway, GatewayStatus status) {
    Map<String, DomContent> facts = new LinkedHashMap<>();
    facts.put("Id", code(gateway.id()));
    facts.put("Environment", text(gateway.environment().name()));
    facts.put(
        "Fingerprint of its key",
        code(Objects.requireNonNullElse(gateway.fingerprint(), "no member has made one yet")));
    facts.put("As of", Html.time(status.at()));
    return Html.facts(facts);
  }
}
