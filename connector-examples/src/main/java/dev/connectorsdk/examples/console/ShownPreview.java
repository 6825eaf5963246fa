package dev.connectorsdk.examples.console;

import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.connectorsdk.api.Principal;
import dev.connectorsdk.examples.console.Html.Tone;
import dev.connectorsdk.reference.ImpactPreview;
import dev.connectorsdk.reference.ImpactPreview.Item;
import dev.connectorsdk.reference.ImpactPreview.Treatment;
import j2html.tags.DomContent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an act would bring about, as it is shown before it is confirmed. */
final class ShownPreview {

  private static final String FIELD = "preview";

  /** Up to how many users have a row each. */
  private static final int OWN_ROWS = 25;

  private static final int NAMED_FLOWS = 100;

  private ShownPreview() {}

  /** Returns the preview as parts of a page. */
  static DomContent of(Visit visit, ImpactPreview preview) {
    Table references =
        new Table(
            "Connection references", "Connection reference", "Users get", "Connection", "Why");
    for (Item item : preview.references()) {
      references.row(
          text(item.reference().displayName()),
          treatment(item.treatment()),
          text(connection(item)),
          text(
              item.why()
                  + (item.operations().isEmpty()
                      ? ""
                      : " Only these operations: " + String.join(", ", item.operations()) + ".")));
    }
    List<String> unknown =
        preview.users().stream()
            .map(ImpactPreview.User::user)
            .filter(visit::isUnknown)
            .map(Principal::toString)
            .toList();
    return each(
        iff(
            !unknown.isEmpty(),
            Html.notice(
                Tone.WARN,
                "Nobody here has one of these ids: " + String.join(", ", unknown) + ".")),
        iff(
            !preview.warnings().isEmpty(),
            div(p("To be confirmed:"), ul(each(preview.warnings(), one -> li(one))))
                .withClass("notice warn")),
        Html.part("What users get", references.orElse("There are no connection references.")),
        Html.part("Who gains what", users(visit, preview.users())),
        iff(
            !preview.flows().isEmpty() || preview.otherFlows() > 0,
            Html.part("Which flows change", p(flows(preview)))),
        iff(
            !preview.information().isEmpty(),
            Html.part("Worth knowing", ul(each(preview.information(), one -> li(one))))));
  }

  /** The flow's own one is nobody's who brings another. */
  private static String connection(Item item) {
    return item.connection() == null || item.treatment() == Treatment.BRING_OWN
        ? "-"
        : item.connection().names();
  }

  /** Very many are named together where they get the same. */
  private static DomContent users(Visit visit, List<ImpactPreview.User> users) {
    Table table = new Table("Users", "Who", "Gains", "Brings own connections for");
    Map<Object, List<ImpactPreview.User>> rows =
        users.stream()
            .collect(
                Collectors.groupingBy(
                    user -> users.size() <= OWN_ROWS ? user : List.of(user.gains(), user.brings()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    for (List<ImpactPreview.User> same : rows.values()) {
      ImpactPreview.User first = same.get(0);
      table.row(
          text(
              same.stream().map(user -> visit.name(user.user())).collect(Collectors.joining(", "))),
          text(first.gains().isEmpty() ? "nothing" : String.join(", ", first.gains())),
          text(first.brings().isEmpty() ? "nothing" : String.join(", ", first.brings())));
    }
    return table.orElse("Nobody gains anything.");
  }

  private static String flows(ImpactPreview preview) {
    int more = preview.flows().size() - NAMED_FLOWS;
    Stream<String> named = preview.flows().stream().limit(NAMED_FLOWS);
    Stream<String> counted =
        Stream.of(
            more > 0 ? more + " further ones that you may see" : "",
            preview.otherFlows() > 0 ? preview.otherFlows() + " of others" : "");
    return Stream.of(named, counted.filter(text -> !text.isEmpty()))
        .map(some -> some.collect(Collectors.joining(", ")))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(" and "));
  }

  private static DomContent treatment(Treatment treatment) {
    return switch (treatment) {
      case SHARED -> Html.badge(Tone.GOOD, "The flow's connection");
      case WAITING -> Html.badge(Tone.WARN, "Waits for its owner");
      case BRING_OWN -> Html.badge(Tone.QUIET, "Each brings an own one");
      case NOTHING -> Html.badge(Tone.BAD, "Nothing");
    };
  }

  /** Returns the field of a form by which it is known what was shown. */
  static DomContent field(ImpactPreview preview) {
    return Html.hidden(FIELD, digest(preview));
  }

  /** Returns whether a form was sent from a page that showed this very preview. */
  static boolean wasShown(Visit visit, ImpactPreview preview) {
    return visit.field(FIELD).filter(digest(preview)::equals).isPresent();
  }

  private static String digest(ImpactPreview preview) {
    try {
      byte[] text = preview.toString().getBytes(UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every JVM has it.
    }
  }
}
