package dev.connectorsdk.internal.definition.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation declares of its requests.
 *
 * @param operation the id of the operation
 * @param method the one that is sent
 * @param consumes the content types of its bodies, in the order of the definition
 * @param accept the header that asks for what the operation answers with
 */
public record DeclaredRequest(
    String operation,
    String method,
    OperationPath path,
    List<Parameter> parameters,
    List<String> consumes,
    String accept) {

  public DeclaredRequest {
    parameters = List.copyOf(parameters);
    consumes = List.copyOf(consumes);
  }

  /** Returns the same request with other parameters. */
  public DeclaredRequest withParameters(List<Parameter> parameters) {
    return new DeclaredRequest(operation, method, path, parameters, consumes, accept);
  }

  /** Returns the parameter that is the body, or {@code null} if there is none. */
  public @Nullable Parameter body() {
    return parameters.stream().filter(Parameter::isBody).findFirst().orElse(null);
  }

  /** Returns whether the body is a form. */
  boolean hasForm() {
    return parameters.stream().anyMatch(p -> p.in() == ParameterPlace.FORM);
  }

  /** Returns the parameter of a header, or {@code null} if the operation does not declare it. */
  @Nullable Parameter header(String name) {
    return parameters.stream().filter(p -> p.isNamedHeader(name)).findFirst().orElse(null);
  }
}
