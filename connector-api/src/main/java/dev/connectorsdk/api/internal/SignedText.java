package dev.connectorsdk.api.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The template of a text that is signed: text, values in braces, and stretches in brackets that are
 * left out as a whole where one of their values is missing.
 */
public record SignedText(List<Section> sections) {

  private static final Set<String> IN_ANSWER = Set.of("header:", "query:", "form:", "json:");
  private static final Set<String> IN_ID = Set.of("header:", "query:", "form:", "json:", "claim:");
  private static final Set<String> IN_SIGNATURE =
      Set.of(
          "body",
          "timestamp",
          "header:",
          "query:",
          "form:",
          "json:",
          "method",
          "url",
          "called-url",
          "path",
          "query",
          "form-sorted",
          "headers-in:",
          "secret");

  /**
   * A stretch of the text.
   *
   * @param optional whether it is left out where a value is missing
   */
  public record Section(boolean optional, List<Part> parts) {}

  /** Either text as it stands, or a value. */
  public sealed interface Part permits Text, Value {}

  /** Text as it stands. */
  public record Text(String text) implements Part {

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * What stands between braces: {@code source}, {@code source:name} or {@code
   * source:name|function}.
   *
   * @param source such as {@code header}
   * @param name empty if there is none; of headers in lower case
   * @param function what is done with the value; empty if nothing is
   */
  public record Value(String source, String name, String function) implements Part {

    static Value parse(String inBraces) {
      int bar = inBraces.lastIndexOf('|');
      String function = bar < 0 ? "" : inBraces.substring(bar + 1);
      String value = bar < 0 ? inBraces : inBraces.substring(0, bar);
      int colon = value.indexOf(':');
      String source = colon < 0 ? value : value.substring(0, colon);
      String name = colon < 0 ? "" : value.substring(colon + 1);
      return new Value(
          source, source.startsWith("header") ? name.toLowerCase(Locale.ROOT) : name, function);
    }

    /** Returns {@code source}, or {@code source:} if there is a name. */
    public String kind() {
      return name.isEmpty() ? source : source + ":";
    }

    @Override
    public String toString() {
      return "{" + kind() + name + (function.isEmpty() ? "" : "|" + function) + "}";
    }
  }

  public SignedText {
    sections = List.copyOf(sections);
  }

  /** Reads the template of a signed text. */
  public static SignedText ofSignature(String template) {
    return parse(template, IN_SIGNATURE, Set.of("sha256"));
  }

  /** Reads the template of a delivery's id. */
  public static SignedText ofId(String template) {
    return parse(template, IN_ID, Set.of());
  }

  /** Reads a template of what a handshake is answered with. */
  public static SignedText ofAnswer(String template) {
    return parse(template, IN_ANSWER, Set.of("mac"));
  }

  private static SignedText parse(String template, Set<String> kinds, Set<String> functions) {
    List<Section> sections = new ArrayList<>();
    int from = 0;
    for (int open; (open = template.indexOf('[', from)) >= 0; ) {
      int close = template.indexOf(']', open);
      if (close < 0) {
        throw malformed(template, "has a bracket without partner");
      }
      sections.add(new Section(false, parts(template, template.substring(from, open))));
      sections.add(new Section(true, parts(template, template.substring(open + 1, close))));
      from = close + 1;
    }
    sections.add(new Section(false, parts(template, template.substring(from))));
    SignedText text = new SignedText(sections);
    for (Value value : text.values()) {
      if (!kinds.contains(value.kind())
          || !(value.function().isEmpty() || functions.contains(value.function()))) {
        throw malformed(template, "names " + value + ", which is not known here");
      }
    }
    return text;
  }

  private static List<Part> parts(String template, String stretch) {
    if (Placeholders.hasLooseBrace(stretch) || stretch.indexOf(']') >= 0) {
      throw malformed(template, "has a brace or bracket without partner");
    }
    return Placeholders.parts(stretch).stream()
        .map(part -> part.isPlaceholder() ? Value.parse(part.text()) : new Text(part.text()))
        .map(Part.class::cast)
        .toList();
  }

  private static IllegalArgumentException malformed(String template, String problem) {
    return new IllegalArgumentException("Template '" + template + "' " + problem);
  }

  /** Returns the values in all sections, in order. */
  public List<Value> values() {
    return sections.stream()
        .flatMap(section -> section.parts().stream())
        .filter(Value.class::isInstance)
        .map(Value.class::cast)
        .toList();
  }

  /** Returns whether a value is in it, with whatever function. */
  public boolean names(String source, String name) {
    return values().stream().anyMatch(v -> v.source().equals(source) && v.name().equals(name));
  }
}
