package dev.connectorsdk.examples.cli;

import dev.connectorsdk.gateway.GatewayStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How the members of a gateway stand, for people and for programs. */
final class StatusPage {

  private static final double MILLIS = 1_000;

  private StatusPage() {}

  static void print(GatewayStatus status, Terminal terminal) {
    Table table =
        Table.of(
            "MEMBER", "HOST", "ADDRESS", "VERSION", "SINCE", "LAST SEEN", "SKEW", "RUNS", "WAITS");
    for (GatewayStatus.Member member : status.members()) {
      if (!member.isConnected()) {
        String state = member.confirmed() ? "no line" : "not let in";
        table.row(member.name(), "-", state, "-", "-", text(member.lastSeen()), "-", "-", "-");
      }
      for (GatewayStatus.Line line : member.lines()) {
        table.row(
            member.name(),
            line.host(),
            line.address(),
            line.version(),
            line.since().toString(),
            line.lastSeen().toString(),
            seconds(line.skew()),
            String.valueOf(line.inFlight()),
            String.valueOf(line.queued()));
      }
    }
    table.print(terminal);
    for (GatewayStatus.Member member : status.members()) {
      GatewayStatus.Copy copy = member.copy();
      if (copy != null) {
        terminal
            .out()
            .println(
                "The key of "
                    + Terminal.oneLine(member.name())
                    + " was also used at "
                    + Terminal.oneLine(copy.address())
                    + ", and refused there, at "
                    + copy.at());
      }
    }
  }

  private static String text(@Nullable Instant at) {
    return at == null ? "never" : at.toString();
  }

  private static String seconds(Duration skew) {
    return String.format(Locale.ROOT, "%+.1f s", skew.toMillis() / MILLIS);
  }

  static ObjectNode json(GatewayStatus status) {
    ObjectNode json =
        Json.object().put("gateway", status.gateway()).put("at", status.at().toString());
    var members = json.putArray("members");
    for (GatewayStatus.Member member : status.members()) {
      ObjectNode each =
          members
              .addObject()
              .put("id", member.id())
              .put("name", member.name())
              .put("confirmed", member.confirmed())
              .put("connected", member.isConnected())
              .put("lastSeen", Objects.toString(member.lastSeen(), null));
      var lines = each.putArray("lines");
      member.lines().forEach(line -> lines.add(json(line)));
      GatewayStatus.Copy copy = member.copy();
      if (copy != null) {
        each.putObject("copy").put("address", copy.address()).put("at", copy.at().toString());
      }
    }
    return json;
  }

  private static ObjectNode json(GatewayStatus.Line line) {
    return Json.object()
        .put("host", line.host())
        .put("address", line.address())
        .put("version", line.version())
        .put("since", line.since().toString())
        .put("lastSeen", line.lastSeen().toString())
        .put("skewMillis", line.skew().toMillis())
        .put("inFlight", line.inFlight())
        .put("queued", line.queued());
  }
}
