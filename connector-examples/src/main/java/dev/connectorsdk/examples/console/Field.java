package dev.connectorsdk.examples.console;

import static j2html.TagCreator.a;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.input;
import static j2html.TagCreator.label;
import static j2html.TagCreator.li;
import static j2html.TagCreator.option;
import static j2html.TagCreator.p;
import static j2html.TagCreator.select;
import static j2html.TagCreator.span;
import static j2html.TagCreator.textarea;
import static j2html.TagCreator.ul;

import j2html.tags.DomContent;
import j2html.tags.Tag;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of a form, with its label, a hint, and what is wrong with what was entered. Immutable:
 * each method that changes something returns a copy.
 */
record Field(
    String name,
    String title,
    String kind,
    @Nullable String value,
    String hint,
    @Nullable String fault,
    boolean required,
    Map<String, String> choices,
    @Nullable String list) {

  /** Returns a field for a line of text. */
  static Field text(String name, String title) {
    return new Field(name, title, "text", null, "", null, false, Map.of(), null);
  }

  /** Returns a field for several lines, such as JSON. */
  static Field lines(String name, String title) {
    return new Field(name, title, "lines", null, "", null, false, Map.of(), null);
  }

  /** Returns a field for a secret: what it shows is never what is stored. */
  static Field secret(String name, String title) {
    return new Field(name, title, "password", null, "", null, false, Map.of(), null);
  }

  /** Returns a field for several lines that hold a secret. */
  static Field secretLines(String name, String title) {
    return new Field(name, title, "secret lines", null, "", null, false, Map.of(), null);
  }

  /**
   * Returns a list to choose from.
   *
   * @param choices what people read, by value, in order
   */
  static Field choice(String name, String title, Map<String, String> choices) {
    return new Field(name, title, "choice", null, "", null, false, choices, null);
  }

  /** Returns a box to tick, which sends {@code true}. */
  static Field box(String name, String title) {
    return new Field(name, title, "box", null, "", null, false, Map.of(), null);
  }

  /** Returns a copy of another type of HTML's {@code input}, such as {@code number}. */
  Field type(String type) {
    return new Field(name, title, type, value, hint, fault, required, choices, list);
  }

  /** Returns a copy whose keyboard, where it is on the screen, is of this kind. */
  Field mode(String inputMode) {
    return type(inputMode);
  }

  boolean isForLines() {
    return kind.equals("lines") || kind.equals("secret lines");
  }

  /** Returns a copy that shows a value; one of a secret is left out. */
  Field value(@Nullable String text) {
    return new Field(name, title, kind, text, hint, fault, required, choices, list);
  }

  /** Returns a copy with a sentence that helps to fill it in. */
  Field hint(String sentence) {
    return new Field(name, title, kind, value, sentence, fault, required, choices, list);
  }

  /** Returns a copy that says what is wrong, if something is. */
  Field fault(@Nullable String sentence) {
    return new Field(name, title, kind, value, hint, sentence, required, choices, list);
  }

  /** Returns a copy that has to be filled in. */
  Field mandatory() {
    return new Field(name, title, kind, value, hint, fault, true, choices, list);
  }

  /**
   * Returns a copy that offers what is in a list of {@link Html#choices}, and takes all else too.
   */
  Field choosingFrom(String id) {
    return new Field(name, title, kind, value, hint, fault, required, choices, id);
  }

  /** Letters, digits and dashes stand for themselves, since an id is part of links. */
  private String id() {
    StringBuilder id = new StringBuilder("field-");
    name.chars()
        .forEach(
            c -> {
              boolean plain = c < 128 && (Character.isLetterOrDigit(c) || c == '-');
              id.append(plain ? Character.toString(c) : "_" + Integer.toHexString(c));
            });
    return id.toString();
  }

  /** Returns the field. */
  DomContent html() {
    DomContent named =
        label(title)
            .withFor(id())
            .with(iff(!required && !kind.equals("box"), span(" (optional)").withClass("quiet")));
    DomContent tips =
        div(
            iff(!hint.isBlank(), p(hint).withId(id() + "-hint").withClass("hint")),
            iff(
                fault != null,
                p(String.valueOf(fault)).withId(id() + "-fault").withClass("fault")));
    return (kind.equals("box")
            ? div(div(control(), named).withClass("box"), tips)
            : div(named, tips, control()))
        .withClass(fault == null ? "field" : "field wrong");
  }

  private DomContent control() {
    String shown = value == null ? "" : value;
    return switch (kind) {
      case "lines" ->
          described(textarea(shown).withName(name).withRows("6").attr("spellcheck", "false"));
      case "secret lines" ->
          described(
              textarea()
                  .withName(name)
                  .withRows("6")
                  .attr("spellcheck", "false")
                  .attr("autocomplete", "off"));
      case "choice" ->
          described(
              select(
                      each(
                          choices.entrySet(),
                          one ->
                              option(one.getValue())
                                  .withValue(one.getKey())
                                  .withCondSelected(one.getKey().equals(shown))))
                  .withName(name));
      case "box" ->
          described(
              input()
                  .withType("checkbox")
                  .withName(name)
                  .withValue("true")
                  .withCondChecked(shown.equals("true")));
      case "numeric", "decimal" ->
          described(
              input()
                  .withType("text")
                  .attr("inputmode", kind)
                  .withName(name)
                  .withValue(shown)
                  .attr("autocomplete", "off"));
      case "password" ->
          described(
              input().withType("password").withName(name).attr("autocomplete", "new-password"));
      default ->
          described(
              input()
                  .withType(kind)
                  .withName(name)
                  .withValue(shown)
                  .attr("autocomplete", "off")
                  .condAttr(list != null, "list", list));
    };
  }

  private <T extends Tag<T>> T described(T control) {
    String by =
        ((hint.isBlank() ? "" : id() + "-hint ") + (fault == null ? "" : id() + "-fault")).strip();
    control.withId(id());
    if (required && !kind.equals("box")) {
      control.attr("required");
    }
    if (!by.isEmpty()) {
      control.attr("aria-describedby", by);
    }
    if (fault != null) {
      control.attr("aria-invalid", "true");
    }
    return control;
  }

  /** Returns what is wrong with several fields, each a link to its field; nothing if none is. */
  static DomContent summary(List<Field> fields) {
    List<Field> wrong = fields.stream().filter(field -> field.fault != null).toList();
    return iff(
        !wrong.isEmpty(),
        div(
                h2("Something does not fit"),
                ul(
                    each(
                        wrong,
                        field ->
                            li(a(field.title + ": " + field.fault).withHref("#" + field.id())))))
            .withClass("notice bad")
            .attr("role", "alert"));
  }
}
