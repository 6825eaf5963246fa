package dev.connectorsdk.internal.definition.request;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an operation declares of its requests.
 *
 * @param operation the id of the operation
 * @param method the one that is sent
 * @param unsent why what a caller gives for some parameters cannot be sent, by their names
 * @param consumes the content types of its bodies, in the order of the definition
 * @param accept the header that asks for what the operation answers with
 */
public record DeclaredRequest(
    String operation,
    String method,
    OperationPath path,
    List<Parameter> parameters,
    Map<String, String> unsent,
    List<String> consumes,
    String accept) {

  public DeclaredRequest {
    parameters = List.copyOf(parameters);
    unsent = Map.copyOf(unsent);
    consumes = List.copyOf(consumes);
  }

  /** Returns the same request with other parameters. */
  public DeclaredRequest withParameters(List<Parameter> parameters) {
    return new DeclaredRequest(operation, method, path, parameters, unsent, consumes, accept);
  }

  /** Returns the parameter that is the body, or {@code null} if there is none. */
  public @Nullable Parameter body() {
    return first(Parameter::isBody);
  }

  /** Returns why an input, or what it is a member of, cannot be sent; {@code null} if it can. */
  @Nullable String whyUnsent(String input) {
    String why = unsent.get(input);
    int slash = why == null ? input.indexOf('/') : -1;
    return slash < 0 ? why : unsent.get(input.substring(0, slash));
  }

  /** Returns whether the body is a form. */
  boolean hasForm() {
    return first(p -> p.in() == ParameterPlace.FORM) != null;
  }

  /** Returns the parameter of a header, or {@code null} if the operation does not declare it. */
  @Nullable Parameter header(String name) {
    return first(p -> p.isNamedHeader(name));
  }

  /** Returns which parameter is the first with this very name, or -1. */
  int indexOf(String name) {
    for (int i = 0; i < parameters.size(); i++) {
      if (parameters.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private @Nullable Parameter first(Predicate<Parameter> wanted) {
    for (int i = 0; i < parameters.size(); i++) {
      if (wanted.test(parameters.get(i))) {
        return parameters.get(i);
      }
    }
    return null;
  }
}
