package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.link;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.p;
import static j2html.TagCreator.script;
import static j2html.TagCreator.span;
import static j2html.TagCreator.title;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.specialized.HeadTag;
import j2html.tags.specialized.LiTag;
import j2html.tags.specialized.NavTag;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is around the content of each page. */
final class Frame {

  private final Site site;

  Frame(Site site) {
    this.site = site;
  }

  /**
   * Returns the whole page.
   *
   * @param visit {@code null} if it is not known who asks: then the page has no navigation
   */
  String render(@Nullable Visit visit, Answer.Page page) {
    return "<!DOCTYPE html>\n"
        + html(
                top(page.title()),
                body(
                    a("Skip to the content").withHref("#content").withClass("skip"),
                    visit == null ? nothing() : bar(visit),
                    visit == null ? nothing() : navigation(visit, page.section()),
                    main(
                            iff(
                                visit == null ? Optional.<Notice>empty() : notice(visit),
                                Frame::done),
                            h1(page.title()),
                            iff(
                                Optional.ofNullable(page.intro()),
                                sentence -> p(sentence).withClass("intro")),
                            each(page.content(), content -> content))
                        .withId("content")
                        .withTabindex(-1)))
            .withLang("en")
            .render();
  }

  private HeadTag top(String title) {
    return head(
        meta().withCharset("utf-8"),
        title(title + " - Connectors"),
        meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
        meta().withName("color-scheme").withContent("light dark"),
        link().withRel("stylesheet").withHref(file(Asset.STYLE)),
        script().withSrc(file(Asset.SCRIPT)).attr("defer"));
  }

  private String file(Asset asset) {
    return Link.below(site.address().path(), asset.path()).with("v", asset.version()).toString();
  }

  private static DomContent bar(Visit visit) {
    Visitor visitor = visit.visitor();
    return header(
            a("Connectors").withHref(visit.to().toString()).withClass("brand"),
            div(
                    span(visitor.name()).withClass("who"),
                    span(visitor.caller().environment().toString()).withClass("chip"),
                    iff(
                        visitor.administrator(),
                        administrator -> span("Administrator").withClass("chip strong")))
                .withClass("visitor"))
        .withClass("bar");
  }

  private static NavTag navigation(Visit visit, Section current) {
    boolean administers = visit.visitor().administrator().isPresent();
    return nav(
            ul(each(sections(false).map(section -> item(visit, section, current)))),
            iff(
                administers && sections(true).findAny().isPresent(),
                div(
                    p("Administration").withId("administration").withClass("label"),
                    ul(each(sections(true).map(section -> item(visit, section, current))))
                        .attr("aria-labelledby", "administration"))))
        .attr("aria-label", "Console");
  }

  private static Stream<Section> sections(boolean administrators) {
    return Arrays.stream(Section.values())
        .filter(section -> section.isForAdministrators() == administrators);
  }

  private static LiTag item(Visit visit, Section section, Section current) {
    return li(
        a(section.title())
            .withHref(visit.to(section).toString())
            .condAttr(section == current, "aria-current", "page"));
  }

  private static DomContent nothing() {
    return each();
  }

  private static Optional<Notice> notice(Visit visit) {
    return visit.query(Notice.PARAMETER).flatMap(Notice::of);
  }

  private static DomContent done(Notice notice) {
    return p(notice.text()).withClass("notice good").attr("role", "status");
  }
}
