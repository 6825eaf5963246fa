package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Scalars;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one request sends for its parameters.
 *
 * @param faults takes what is wrong with the input
 */
record ParameterTexts(
    DeclaredSchemas schemas, Arguments arguments, BodyValues values, List<Fault> faults) {

  /** Returns what to send for a parameter, or {@code null} for nothing. */
  @Nullable JsonNode value(Parameter parameter) {
    JsonNode given = arguments.get(parameter);
    if (given != null) {
      return given;
    }
    JsonNode usual = parameter.declaredDefault();
    if (usual != null && parameter.required()) {
      return values.defaultValue(usual, schemas.type(parameter.schema()), pointer(parameter));
    }
    if (parameter.required() && (parameter.in() == ParameterPlace.PATH || !parameter.internal())) {
      fault(parameter, "is required");
    }
    return null;
  }

  /** Returns what the caller or the definition says, whether or not it has to be sent. */
  @Nullable String said(Parameter parameter) {
    JsonNode value = arguments.get(parameter);
    if (value == null) {
      JsonNode usual = parameter.declaredDefault();
      value = usual == null || Scalars.isExpression(usual) ? null : usual;
    }
    String text = value == null ? null : Scalars.text(value);
    return text == null || text.isBlank() ? null : text.trim();
  }

  /**
   * What is sent under the name of a parameter.
   *
   * @param each the values, several if the name repeats, each with its items
   * @param separator what stands between the items of a value
   */
  record Values(List<List<String>> each, String separator) {

    private static final Values NONE = new Values(List.of(), "");

    List<String> texts() {
      return each.stream().map(items -> String.join(separator, items)).toList();
    }
  }

  /**
   * Returns the text that the caller gives for a parameter, as most are given; {@code null} for
   * anything else, which {@link #values} knows.
   */
  @Nullable String text(SentParameter sent) {
    JsonNode given = arguments.get(sent);
    String text = given == null || given.isContainer() ? null : text(sent, given);
    return text != null && PercentEncoding.isEncodable(text) ? text : null;
  }

  /** Returns what to send under a parameter's name; none after a fault. */
  Values values(SentParameter sent) {
    Parameter parameter = sent.parameter();
    JsonNode value = value(parameter);
    if (value == null) {
      return Values.NONE;
    }
    List<String> items = value.isArray() ? Scalars.texts(value) : single(sent, value);
    if (items == null) {
      String kind =
          value.isArray() ? "list of texts, numbers or booleans" : "text, number or boolean";
      fault(parameter, "must be a " + kind);
      return Values.NONE;
    }
    for (String item : items) {
      if (!PercentEncoding.isEncodable(item)) {
        fault(parameter, "holds half a surrogate pair");
        return Values.NONE;
      }
    }
    return value.isArray() && sent.repeats()
        ? new Values(items.stream().map(List::of).toList(), "")
        : new Values(List.of(items), sent.separator());
  }

  /**
   * Returns the values of a field of a form; an empty list only where the field has to be there.
   */
  List<String> fields(Parameter parameter, DeclaredRequest request) {
    Values values = values(SentParameter.of(parameter, request, schemas));
    boolean isNothing = values.each().stream().allMatch(List::isEmpty);
    return isNothing && !parameter.mayBeEmpty() ? List.of() : values.texts();
  }

  private static @Nullable List<String> single(SentParameter sent, JsonNode value) {
    String text = text(sent, value);
    return text == null ? null : List.of(text);
  }

  private static @Nullable String text(SentParameter sent, JsonNode value) {
    return Scalars.text(Scalars.coerce(value, sent.type()));
  }

  void fault(Parameter parameter, String problem) {
    faults.add(new Fault(pointer(parameter), problem));
  }

  static String pointer(Parameter parameter) {
    return JsonPointers.child("", parameter.name());
  }
}
