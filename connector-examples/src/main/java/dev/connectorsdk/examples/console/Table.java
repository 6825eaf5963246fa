package dev.connectorsdk.examples.console;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.each;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.text;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.specialized.TrTag;
import java.util.ArrayList;
import java.util.List;

/**
 * A table whose rows become cards on narrow screens. The roles are said besides, because browsers
 * forget them where a table is laid out as something else.
 */
final class Table {

  private final String caption;
  private final List<String> columns;
  private final List<TrTag> rows = new ArrayList<>();

  /**
   * Starts a table.
   *
   * @param caption what its rows are
   * @param columns the headings; the first column names the row, and one of buttons has none
   */
  Table(String caption, String... columns) {
    this.caption = caption;
    this.columns = List.of(columns);
  }

  /** Adds a row, with as many cells as there are columns. */
  Table row(DomContent... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + columns.size());
    }
    TrTag row = tr().attr("role", "row");
    row.with(th(cells[0]).withScope("row").attr("role", "rowheader"));
    for (int i = 1; i < cells.length; i++) {
      String column = columns.get(i);
      row.with(td(cells[i]).withCondData(!column.isEmpty(), "column", column).attr("role", "cell"));
    }
    rows.add(row);
    return this;
  }

  /** A column of buttons has a heading that is read and not seen. */
  private static DomContent heading(String column) {
    return column.isEmpty() ? span("Actions").withClass("unseen") : text(column);
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /**
   * Returns the table.
   *
   * @param instead the sentence that stands there if it has no rows
   */
  DomContent orElse(String instead) {
    if (rows.isEmpty()) {
      return p(instead).withClass("empty");
    }
    return table(
            caption(caption),
            thead(
                    tr(each(
                            columns,
                            column ->
                                th(heading(column)).withScope("col").attr("role", "columnheader")))
                        .attr("role", "row"))
                .attr("role", "rowgroup"),
            tbody(each(rows, row -> row)).attr("role", "rowgroup"))
        .attr("role", "table");
  }
}
