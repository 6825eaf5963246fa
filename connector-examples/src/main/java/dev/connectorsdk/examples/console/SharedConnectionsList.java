package dev.connectorsdk.examples.console;

import static j2html.TagCreator.iff;
import static j2html.TagCreator.text;

import dev.connectorsdk.api.ConnectionStatus.State;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.connection.SharedConnection;
import j2html.tags.DomContent;
import java.util.List;

/** The first connections of others on which the visitor has a right. */
final class SharedConnectionsList {

  private static final int SHOWN = 50;

  private SharedConnectionsList() {}

  static DomContent of(Visit visit) {
    SharedConnection.Page page = visit.runtime().connections().shared(visit.caller(), SHOWN + 1);
    List<SharedConnection> found = page.connections();
    Table table =
        new Table("Connections", "Connection", "Owner", "Connector", "Account", "State", "You may");
    found.stream()
        .limit(SHOWN)
        .forEach(
            one ->
                table.row(
                    name(visit, one),
                    text(visit.name(one.owner())),
                    text(one.connector().value()),
                    text(Wording.account(one.account(), one.state() == State.CONNECTED)),
                    Standing.badge(one.state()),
                    text(ShareForm.TITLES.getOrDefault(one.right(), one.right().name()))));
    return Html.part(
        "Connections",
        table.orElse(
            page.isWhole()
                ? "Nobody has shared a connection with you."
                : "Nobody is known now to have shared a connection with you."),
        iff(
            !page.isWhole(),
            Html.hint(
                "What is shared with groups is not all known now. You may use more than this.")),
        iff(found.size() > SHOWN, Html.hint("The first " + SHOWN + " are shown.")));
  }

  /** Who may use a connection alone does not read it. */
  private static DomContent name(Visit visit, SharedConnection one) {
    return one.right() == Right.USE
        ? text(one.displayName())
        : Html.link(one.displayName(), visit.to("connections", one.id().value()));
  }
}
