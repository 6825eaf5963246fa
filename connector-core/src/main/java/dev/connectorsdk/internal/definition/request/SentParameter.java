package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;

/**
 * A parameter and what its definition says of how it is sent, read once and not in each call.
 *
 * @param index of the first parameter of the request with its name, or -1 if there is none
 * @param type of its values, as {@link DeclaredSchemas#type} says
 * @param repeats whether a list is sent as one value for each item
 * @param separator what else stands between the items of a list
 * @param emptyToo whether it is sent with nothing in it, too
 */
record SentParameter(
    Parameter parameter,
    int index,
    String type,
    boolean repeats,
    String separator,
    boolean emptyToo) {

  static SentParameter of(Parameter parameter, DeclaredRequest request, DeclaredSchemas schemas) {
    String format = format(parameter);
    boolean repeats =
        format.equals("multi")
            && (parameter.in() == ParameterPlace.QUERY || parameter.in() == ParameterPlace.FORM);
    return new SentParameter(
        parameter,
        request.indexOf(parameter.name()),
        schemas.type(parameter.schema()),
        repeats,
        separator(format),
        parameter.mayBeEmpty());
  }

  private static String format(Parameter parameter) {
    String format = Lookup.text(parameter.node(), "collectionFormat");
    return format == null ? "csv" : Lookup.lower(format);
  }

  private static String separator(String format) {
    return switch (format) {
      case "ssv" -> " ";
      case "tsv" -> "\t";
      case "pipes" -> "|";
      default -> ",";
    };
  }
}
