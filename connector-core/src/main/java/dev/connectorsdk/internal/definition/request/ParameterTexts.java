package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
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

  /** Returns the texts to send under a parameter's name: none, one, or several if they repeat. */
  List<String> texts(Parameter parameter) {
    List<String> texts = unchecked(parameter);
    for (String text : texts) {
      if (!PercentEncoding.isEncodable(text)) {
        fault(parameter, "holds half a surrogate pair");
        return List.of();
      }
    }
    return texts;
  }

  private List<String> unchecked(Parameter parameter) {
    JsonNode value = value(parameter);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      String text = single(parameter, value);
      return text == null ? List.of() : List.of(text);
    }
    List<String> texts = Scalars.texts(value);
    if (texts == null) {
      fault(parameter, "must be a list of texts, numbers or booleans");
      return List.of();
    }
    boolean repeats =
        parameter.in() == ParameterPlace.QUERY || parameter.in() == ParameterPlace.FORM;
    return repeats && format(parameter).equals("multi") ? texts : List.of(joined(parameter, texts));
  }

  private static String format(Parameter parameter) {
    String format = Lookup.text(parameter.node(), "collectionFormat");
    return format == null ? "csv" : Lookup.lower(format);
  }

  private static String joined(Parameter parameter, List<String> texts) {
    return switch (format(parameter)) {
      case "ssv" -> String.join(" ", texts);
      case "tsv" -> String.join("\t", texts);
      case "pipes" -> String.join("|", texts);
      default -> String.join(",", texts);
    };
  }

  /** Returns a value as one text; {@code null} after a fault. */
  @Nullable String single(Parameter parameter, JsonNode value) {
    if (value.isArray()) {
      List<String> texts = Scalars.texts(value);
      if (texts != null) {
        return joined(parameter, texts);
      }
    }
    String text = Scalars.text(Scalars.coerce(value, schemas.type(parameter.schema())));
    if (text == null) {
      fault(parameter, "must be a text, number or boolean");
    }
    return text;
  }

  void fault(Parameter parameter, String problem) {
    faults.add(new Fault(pointer(parameter), problem));
  }

  static String pointer(Parameter parameter) {
    return JsonPointers.child("", parameter.name());
  }
}
