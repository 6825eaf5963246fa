package dev.connectorsdk.examples.console;

import static j2html.TagCreator.button;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import dev.connectorsdk.api.Grant;
import dev.connectorsdk.api.Grant.Right;
import dev.connectorsdk.api.Principal;
import dev.connectorsdk.api.error.NotFoundException;
import dev.connectorsdk.connection.Connections;
import dev.connectorsdk.examples.console.Html.Tone;
import j2html.tags.DomContent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Who else has a right on a connection, and what somebody gains, before it is granted. */
final class SharePages implements Pages {

  private static final int PAGE = 50;

  @Override
  public void addTo(Routes routes) {
    routes.get("connections/{id}/share", visit -> page(visit, Mine.of(visit), ShareForm.empty()));
    routes.post("connections/{id}/share/preview", SharePages::preview);
    routes.post("connections/{id}/share", SharePages::share);
    routes.post("connections/{id}/share/take-back", SharePages::takeBack);
  }

  private static Answer.Page page(Visit visit, Mine mine, ShareForm form) {
    List<Grant> grants =
        visit.runtime().connections().grants(visit.caller(), mine.id()).stream()
            .sorted(Comparator.comparing(grant -> grant.grantee().toString()))
            .toList();
    ListPage<Grant> shown = ListPage.of(visit, grants, grant -> grant.grantee().toString(), PAGE);
    return Answer.page(
            Section.CONNECTIONS,
            "Share " + mine.connection().displayName(),
            Field.summary(form.fields()),
            Html.part(
                "Who else has a right",
                table(visit, mine, shown.items()),
                Html.paging(visit, shown.next())),
            Html.part(
                "Give somebody a right",
                Html.post(
                    visit,
                    mine.link(visit, "share", "preview"),
                    each(form.fields(), Field::html),
                    div(
                            Html.primary("See what they gain"),
                            Html.link("Back to the connection", mine.link(visit)))
                        .withClass("actions"))))
        .intro("Nothing is granted before you have seen what it means.")
        .status(form.isFaulty() ? 422 : 200);
  }

  private static DomContent table(Visit visit, Mine mine, List<Grant> grants) {
    Table table = new Table("Rights of others", "Who", "Right", "Granted by", "Until", "");
    for (Grant grant : grants) {
      table.row(
          text(visit.name(grant.grantee())),
          text(ShareForm.TITLES.getOrDefault(grant.right(), grant.right().name())),
          text(visit.name(grant.grantor())),
          grant.until() == null ? text("no end") : Html.time(grant.until()),
          mine.isOwn(visit) || grant.grantor().equals(visit.caller().principal())
              ? takeBack(visit, mine, grant)
              : text("-"));
    }
    return table.orElse("Nobody else has a right on this connection.");
  }

  private static DomContent takeBack(Visit visit, Mine mine, Grant grant) {
    return Html.post(
            visit,
            mine.link(visit, "share", "take-back"),
            Html.hidden("who", grant.grantee().toString()),
            button("Take back")
                .attr("aria-label", "Take back the right of " + visit.name(grant.grantee())))
        .withClass("inline");
  }

  private static Answer preview(Visit visit) {
    Mine mine = Mine.of(visit);
    ShareForm form = ShareForm.of(visit, mine.connection().owner());
    if (form.isFaulty()) {
      return page(visit, mine, form);
    }
    Principal user = form.user().orElseThrow();
    Optional<Grant> before =
        visit.runtime().connections().grants(visit.caller(), mine.id()).stream()
            .filter(grant -> grant.grantee().equals(user))
            .findFirst();
    return Answer.page(
            Section.CONNECTIONS,
            "What "
                + (visit.name(user).equals(user.toString()) ? user.id() : visit.name(user))
                + " gains",
            Html.part(
                visit.name(user) + " and " + mine.connection().displayName(),
                iff(
                    visit.isUnknown(user),
                    Html.notice(
                        Tone.WARN,
                        "Nobody here has this id: " + user + ". Look whether it is right.")),
                ul(each(gains(visit, mine, user, form.right()), sentence -> li(sentence))),
                iff(Optional.ofNullable(form.day()), day -> p("It ends with " + day + ", in UTC.")),
                iff(
                    before,
                    grant ->
                        Html.notice(
                            Tone.WARN,
                            "It takes the place of a right that is there: "
                                + ShareForm.TITLES.getOrDefault(grant.right(), "")
                                + ".")),
                Html.post(
                    visit,
                    mine.link(visit, "share"),
                    each(
                        visit.fields().entrySet().stream()
                            .filter(field -> ShareForm.NAMES.contains(field.getKey()))
                            .map(field -> Html.hidden(field.getKey(), field.getValue().get(0)))),
                    div(Html.primary("Grant it"), Html.link("Do not", mine.link(visit, "share")))
                        .withClass("actions"))))
        .intro("Nothing has been granted yet.");
  }

  private static List<String> gains(Visit visit, Mine mine, Principal user, Right right) {
    List<String> all = new ArrayList<>();
    String account =
        mine.connection().account() == null
            ? "the account behind this connection"
            : "the account " + mine.accountLabel();
    if (user.isGroup()) {
      all.add("The group stands for whoever is its member at the time of a call.");
    }
    if (right == Right.NONE) {
      all.add("Uses nothing of this connection, whatever a group is granted.");
      return all;
    }
    all.add(
        "May bind this connection to references of flows of their own in "
            + visit.caller().environment()
            + ". What these flows do at "
            + mine.connectorTitle()
            + " is done as "
            + account
            + ".");
    if (right != Right.USE) {
      all.add("Reads its parameters, tests it, and replaces its values and credentials.");
    }
    if (right == Right.OWN) {
      all.add("Grants rights on it to others, and deletes it.");
    }
    all.add("Sees no password, key or token of it.");
    all.add("You can take it back at any time. Calls are refused from then on.");
    return all;
  }

  private static Answer share(Visit visit) {
    Mine mine = Mine.of(visit);
    ShareForm form = ShareForm.of(visit, mine.connection().owner());
    if (form.isFaulty()) {
      return page(visit, mine, form);
    }
    Connections connections = visit.runtime().connections();
    Principal user = form.user().orElseThrow();
    Instant until = form.until().orElse(null);
    try {
      if (until == null) {
        connections.grant(visit.caller(), mine.id(), user, form.right());
      } else {
        connections.grant(visit.caller(), mine.id(), user, form.right(), until);
      }
    } catch (IllegalArgumentException e) {
      return page(visit, mine, form.refused(Objects.requireNonNullElse(e.getMessage(), "")));
    }
    return Answer.seeOther(mine.link(visit, "share"), Notice.SHARED);
  }

  private static Answer takeBack(Visit visit) {
    Mine mine = Mine.of(visit);
    try {
      Principal user = Principal.parse(visit.field("who").orElse(""));
      visit.runtime().connections().revoke(visit.caller(), mine.id(), user);
    } catch (IllegalArgumentException e) {
      throw new NotFoundException("right", visit.field("who").orElse(""), "Look at the list.");
    }
    return Answer.seeOther(mine.link(visit, "share"), Notice.TAKEN_BACK);
  }
}
