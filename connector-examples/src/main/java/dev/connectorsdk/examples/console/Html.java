package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.button;
import static j2html.TagCreator.datalist;
import static j2html.TagCreator.dd;
import static j2html.TagCreator.div;
import static j2html.TagCreator.dl;
import static j2html.TagCreator.dt;
import static j2html.TagCreator.each;
import static j2html.TagCreator.form;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.iffElse;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.section;
import static j2html.TagCreator.span;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import j2html.TagCreator;
import j2html.tags.DomContent;
import j2html.tags.specialized.ButtonTag;
import j2html.tags.specialized.FormTag;
import j2html.tags.specialized.SectionTag;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What pages are put together from, besides the elements of j2html. */
final class Html {

  /** How something stands, as a colour besides its word. */
  enum Tone {
    GOOD,
    WARN,
    BAD,
    QUIET;

    String style() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  private Html() {}

  /** Returns a form that is sent to one of the console's own pages, with its token. */
  static FormTag post(Visit visit, Link to, DomContent... content) {
    return form(hidden(FormToken.FIELD, FormToken.of(visit.visitor().session())), each(content))
        .withMethod("post")
        .withAction(to.toString());
  }

  /**
   * Returns what fields offer that name it.
   *
   * @param id of the list
   * @param choices what people read, by value
   */
  static DomContent choices(String id, Map<String, String> choices) {
    return datalist(
            each(
                choices.entrySet(),
                one -> option().withValue(one.getKey()).attr("label", one.getValue())))
        .withId(id);
  }

  /** Returns a field of a form that is sent along and not seen. */
  static DomContent hidden(String name, String value) {
    return input().withType("hidden").withName(name).withValue(value);
  }

  /** Returns a form of a single button, to stand among others. */
  static FormTag action(Visit visit, Link to, ButtonTag button) {
    return post(visit, to, button).withClass("inline");
  }

  /** Returns the field of a list's search, which keeps nothing of the query but itself. */
  static FormTag search(Link to, String labelled, @Nullable String value) {
    return form(
            label(labelled).withFor("search"),
            div(
                    input()
                        .withType("search")
                        .withId("search")
                        .withName("search")
                        .withValue(value == null ? "" : value),
                    button("Search"))
                .withClass("row"))
        .withMethod("get")
        .withAction(to.toString())
        .withClass("search")
        .attr("role", "search");
  }

  /** Returns the button for what a page is mainly for. */
  static ButtonTag primary(String text) {
    return button(text).withClass("primary");
  }

  /** Returns the button for what cannot be undone. */
  static ButtonTag danger(String text) {
    return button(text).withClass("danger");
  }

  static DomContent link(String text, Link to) {
    return a(text).withHref(to.toString());
  }

  /** Returns one of several links with the same text, which says to a screen reader which it is. */
  static DomContent linkLabelled(String text, String label, Link to) {
    return a(text).withHref(to.toString()).attr("aria-label", label);
  }

  /** Returns a link that looks like a button. */
  static DomContent linkButton(String text, Link to) {
    return a(text).withHref(to.toString()).withClass("button");
  }

  /** Returns a link that looks like the button for what a page is mainly for. */
  static DomContent primaryLink(String text, Link to) {
    return a(text).withHref(to.toString()).withClass("button primary");
  }

  static DomContent badge(Tone tone, String text) {
    return span(text).withClass("badge " + tone.style());
  }

  /** Returns what is wrong and what to do about it. */
  static DomContent problem(String message, String remedy) {
    return div(p(strong(message)), iff(!remedy.isBlank(), p(remedy)))
        .withClass("notice bad")
        .attr("role", "alert");
  }

  /** Returns one sentence in a box of its own. */
  static DomContent notice(Tone tone, String sentence) {
    return p(sentence).withClass("notice " + tone.style()).attr("role", "status");
  }

  static DomContent hint(String sentence) {
    return p(sentence).withClass("hint");
  }

  /** Returns names and what belongs to them, in the order of the map. */
  static DomContent facts(Map<String, DomContent> facts) {
    return dl(each(facts.entrySet().stream().map(one -> div(dt(one.getKey()), dd(one.getValue())))))
        .withClass("facts");
  }

  /** Returns a part of a page under a heading of the second level. */
  static SectionTag part(String title, DomContent... content) {
    return section(TagCreator.h2(title), each(content));
  }

  /** Returns a part of a page whose heading is that of the page, or of its table. */
  static DomContent panel(DomContent... content) {
    return section(each(content));
  }

  static DomContent time(@Nullable Instant instant) {
    return instant == null
        ? text("-")
        : TagCreator.time(TIME.format(instant))
            .withDatetime(instant.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /**
   * Returns the links below a list that is shown page by page.
   *
   * @param next what {@code after} is on the next page, or {@code null} if this is the last one
   */
  static DomContent paging(Visit visit, @Nullable String next) {
    boolean further = visit.query("after").isPresent();
    Map<String, String> query = visit.here().query();
    query.remove("after");
    Link first = new Link(visit.here().path(), query);
    return iff(
        next != null || further,
        nav(
                iff(further, a("First page").withHref(first.toString()).withClass("button")),
                iffElse(
                    next != null,
                    a("Next page")
                        .withHref(first.with("after", String.valueOf(next)).toString())
                        .withRel("next")
                        .withClass("button"),
                    span("This is the last page.").withClass("hint")))
            .withClass("paging")
            .attr("aria-label", "Pages"));
  }
}
