package dev.connectorsdk.examples.console;

import static j2html.TagCreator.each;

import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.examples.console.SchemaForm.Leaf;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The input of an operation as it is filled in. */
final class TryForm {

  private static final Pattern PREFIX = Pattern.compile("^[is]/");
  private static final Map<String, String> YES_OR_NO = yesOrNo();

  private final Map<String, List<String>> entered;
  private final SchemaForm form;
  private final TryInput input;
  private final TryChoices choices;
  private final Map<String, String> faults = new TreeMap<>();
  private final List<String> otherFaults = new ArrayList<>();
  private final Map<String, Field> offered = new LinkedHashMap<>();

  private TryForm(
      Map<String, List<String>> entered, SchemaForm form, TryInput input, TryChoices choices) {
    this.entered = entered;
    this.form = form;
    this.input = input;
    this.choices = choices;
  }

  /**
   * Reads the form of a request.
   *
   * @param check whether to say what is missing or is not what it should be
   */
  static TryForm of(Visit visit, TryTarget target, boolean check) {
    JsonNode schema = visit.runtime().schema(target.action().input());
    TryInput input = TryInput.of(SchemaForm.of(schema), visit.fields());
    TryChoices choices = TryChoices.of(visit, target, input.json());
    FormSchema known = choices.input(schema);
    SchemaForm form = SchemaForm.of(known.schema());
    TryInput filled = TryInput.of(form, visit.fields());
    TryForm result = new TryForm(visit.fields(), form, filled, choices);
    if (check) {
      result.faults.putAll(filled.faults());
      result.requireComplete();
    }
    return result;
  }

  private void requireComplete() {
    for (Leaf leaf : form.leaves()) {
      boolean inNeededGroup =
          !input
              .json()
              .at(leaf.pointer().substring(0, leaf.pointer().lastIndexOf('/')))
              .isMissingNode();
      if (leaf.required() && inNeededGroup && input.json().at(leaf.pointer()).isMissingNode()) {
        faults.putIfAbsent(leaf.pointer(), "is missing");
      }
    }
  }

  /** Returns the form with what the runtime says is wrong. */
  TryForm refused(InvalidInputException e) {
    for (Fault fault : e.faults()) {
      if (form.leaves().stream().anyMatch(leaf -> leaf.pointer().equals(fault.path()))) {
        faults.put(fault.path(), fault.problem());
      } else {
        otherFaults.add(fault.toString());
      }
    }
    return this;
  }

  boolean isFaulty() {
    return !faults.isEmpty() || !otherFaults.isEmpty();
  }

  List<String> otherFaults() {
    return otherFaults;
  }

  /** Returns whether something of the form follows from what the service says. */
  boolean isDynamic() {
    form.leaves().forEach(this::withChoices);
    return choices.isAsked();
  }

  JsonNode json() {
    return input.json();
  }

  List<Field> fields() {
    return form.leaves().stream().map(this::field).toList();
  }

  DomContent html() {
    return form.html(this::field);
  }

  /** Returns what was filled in, to be sent once more; of secrets a field to enter them again. */
  DomContent again() {
    return each(
        hidden(),
        each(
            secrets()
                .map(
                    leaf ->
                        plain(leaf)
                            .mandatory()
                            .hint("Enter it once more: it is not kept in the page.")
                            .html())));
  }

  /**
   * Returns what was filled in, without secrets. What is no field of the form, as the schema has it
   * by now, is left out too: nobody knows whether it is one.
   */
  DomContent hidden() {
    return each(
        form.leaves().stream()
            .filter(leaf -> !leaf.kind().isSecret())
            .map(TryInput::field)
            .filter(entered::containsKey)
            .map(name -> Html.hidden(name, first(name))));
  }

  /** Returns the secrets that were entered, to be hidden in what is shown. */
  List<Secret> entered() {
    return secrets()
        .flatMap(leaf -> texts(input.json().at(leaf.pointer())))
        .map(Secret::of)
        .toList();
  }

  private static Stream<String> texts(JsonNode value) {
    return value.isContainer()
        ? value.valueStream().flatMap(TryForm::texts)
        : value.isString() || value.isNumber() ? Stream.of(TryInput.text(value)) : Stream.of();
  }

  private Stream<Leaf> secrets() {
    return form.leaves().stream()
        .filter(leaf -> leaf.kind().isSecret())
        .filter(leaf -> !input.json().at(leaf.pointer()).isMissingNode());
  }

  private Field field(Leaf leaf) {
    Field field = withChoices(leaf);
    field =
        field
            .hint((hint(leaf, field) + " " + field.hint()).strip())
            .value(value(leaf))
            .fault(faults.get(leaf.pointer()));
    return leaf.required() ? field.mandatory() : field;
  }

  /** The service is asked once for each field. */
  private Field withChoices(Leaf leaf) {
    return offered.computeIfAbsent(
        leaf.pointer(), pointer -> choices.offeredFor(leaf, plain(leaf)));
  }

  private static Field plain(Leaf leaf) {
    String name = TryInput.field(leaf);
    return switch (leaf.kind()) {
      case TEXT -> Field.text(name, leaf.title());
      case SECRET -> Field.secret(name, leaf.title());
      case SECRET_JSON -> Field.secretLines(name, leaf.title());
      case DATE -> Field.text(name, leaf.title()).type("date");
      case INTEGER -> Field.text(name, leaf.title()).mode("numeric");
      case NUMBER -> Field.text(name, leaf.title()).mode("decimal");
      case YES_OR_NO -> Field.choice(name, leaf.title(), offered(leaf, YES_OR_NO));
      case CHOICE -> Field.choice(name, leaf.title(), offered(leaf, ofEnum(leaf.schema())));
      case JSON -> Field.lines(name, leaf.title());
    };
  }

  private static String hint(Leaf leaf, Field field) {
    String description = leaf.schema().path("description").asString("");
    return field.isForLines() ? (description + " As JSON.").strip() : description;
  }

  private String value(Leaf leaf) {
    String name = TryInput.field(leaf);
    JsonNode standard = leaf.schema().path("default");
    boolean first = entered.keySet().stream().noneMatch(one -> PREFIX.matcher(one).find());
    return first && !standard.isMissingNode() && !standard.isNull()
        ? TryInput.text(standard)
        : first(name);
  }

  private String first(String field) {
    return entered.getOrDefault(field, List.of("")).get(0);
  }

  private static Map<String, String> yesOrNo() {
    Map<String, String> both = new LinkedHashMap<>();
    both.put("true", "Yes");
    both.put("false", "No");
    return both;
  }

  private static Map<String, String> ofEnum(JsonNode schema) {
    Map<String, String> values = new LinkedHashMap<>();
    schema
        .path("enum")
        .valueStream()
        .filter(one -> !one.isNull())
        .forEach(one -> values.put(TryInput.text(one), TryInput.text(one)));
    return values;
  }

  static Map<String, String> offered(Leaf leaf, Map<String, String> values) {
    Map<String, String> all = new LinkedHashMap<>();
    if (!leaf.required()) {
      all.put("", "-");
    }
    all.putAll(values);
    return all;
  }
}
