package dev.connectorsdk.examples.console;

import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request is answered with. */
sealed interface Answer permits Answer.Page, Answer.File, Answer.SeeOther {

  /** Returns a page with the heading {@code title}. */
  static Page page(Section section, String title, DomContent... content) {
    return new Page(200, section, title, null, Arrays.asList(content));
  }

  /** Returns the answer to a form that did its work: the browser goes on to another page. */
  static SeeOther seeOther(Link to, Notice notice) {
    return new SeeOther(to.with(Notice.PARAMETER, notice.id()));
  }

  /**
   * A page.
   *
   * @param intro one sentence below the heading, or {@code null} for none
   */
  record Page(
      int status, Section section, String title, @Nullable String intro, List<DomContent> content)
      implements Answer {

    /** Returns a copy with another status. */
    Page status(int other) {
      return new Page(other, section, title, intro, content);
    }

    /** Returns a copy with one sentence below the heading. */
    Page intro(String sentence) {
      return new Page(status, section, title, sentence, content);
    }

    /** Returns a copy with more content at the end. */
    Page with(DomContent... more) {
      List<DomContent> all = new ArrayList<>(content);
      all.addAll(Arrays.asList(more));
      return new Page(status, section, title, intro, all);
    }
  }

  /**
   * A file for the visitor to keep.
   *
   * @param name letters, digits, {@code .}, {@code _} and {@code -}
   */
  record File(String name, String json) implements Answer {}

  /** Another page to go on to: 303. */
  record SeeOther(Link to) implements Answer {}
}
