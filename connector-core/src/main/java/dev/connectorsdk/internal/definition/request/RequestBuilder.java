package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.request.OutgoingRequest.Body;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the requests of one operation. Immutable and safe for use by several threads. */
public final class RequestBuilder {

  private final DeclaredRequest declared;
  private final DeclaredSchemas schemas;
  private final @Nullable Expressions expressions;
  private final @Nullable List<OperationPath.Part> segments;

  /**
   * Makes requests as they are declared.
   *
   * @param expressions what evaluates defaults that are expressions, or {@code null} for nothing
   */
  public RequestBuilder(
      DeclaredRequest declared, DeclaredSchemas schemas, @Nullable Expressions expressions) {
    this.declared = declared;
    this.schemas = schemas;
    this.expressions = expressions;
    this.segments = declared.path().segments();
  }

  /**
   * Makes the request for one input.
   *
   * @throws InvalidInputException with all that is wrong
   * @throws dev.connectorsdk.api.error.OperationUnsupportedException if a default that has to be
   *     sent is an expression
   */
  public OutgoingRequest build(JsonNode input) {
    List<Fault> faults = new ArrayList<>();
    Arguments arguments = Arguments.of(declared, input, faults);
    BodyValues values = new BodyValues(declared.operation(), schemas, expressions, faults);
    ParameterTexts texts = new ParameterTexts(schemas, arguments, values, faults);
    OutgoingRequest request = new OutgoingRequest(declared.method(), path(texts));
    if (declared.header("Accept") == null) {
      request.setHeader("Accept", declared.accept());
    }
    for (Parameter parameter : declared.parameters()) {
      switch (parameter.in()) {
        case QUERY -> query(parameter, texts, request);
        case HEADER -> header(parameter, texts, request);
        default -> {
          // The path is there already; bodies follow.
        }
      }
    }
    Body body = new BodyBuilder(declared, texts).build();
    if (body != null) {
      request.setBody(body);
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("operation '" + declared.operation() + "'", faults);
    }
    return request;
  }

  private RequestPath path(ParameterTexts texts) {
    List<OperationPath.Part> parts = segments == null ? declared.path().parts() : segments;
    RequestPath path = new RequestPath(segments != null, parts.size());
    for (int i = 0; i < parts.size(); i++) {
      Parameter parameter = parts.get(i).parameter();
      if (parameter == null) {
        path.add(parts.get(i).text());
      } else {
        addTo(path, parameter, texts);
      }
    }
    return path;
  }

  private static void addTo(RequestPath path, Parameter parameter, ParameterTexts texts) {
    ParameterTexts.Values values = texts.values(parameter);
    for (List<String> items : values.each()) {
      String problem = OperationPath.problem(parameter, items, values.separator());
      if (problem == null) {
        path.add(parameter, OperationPath.encoded(parameter, items, values.separator()));
      } else {
        texts.fault(parameter, problem);
      }
    }
  }

  private static void query(Parameter parameter, ParameterTexts texts, OutgoingRequest request) {
    boolean emptyToo = parameter.mayBeEmpty();
    ParameterTexts.Values values = texts.values(parameter);
    for (List<String> items : values.each()) {
      if (emptyToo || !areEmpty(items)) {
        request.addQuery(parameter.name(), items, values.separator());
      }
    }
  }

  private static boolean areEmpty(List<String> items) {
    for (String item : items) {
      if (!item.isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private void header(Parameter parameter, ParameterTexts texts, OutgoingRequest request) {
    for (String text : texts.values(parameter).texts()) {
      String trimmed = text.trim();
      if (trimmed.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
        texts.fault(parameter, "holds a character that is not allowed in a header");
      } else if (!trimmed.isEmpty() || parameter.required()) {
        request.setHeader(parameter.name(), trimmed);
      }
    }
    if (parameter.isNamedHeader("Accept") && texts.arguments().get(parameter) == null) {
      String usual = texts.said(parameter);
      request.setHeader("Accept", usual == null ? declared.accept() : usual);
    }
  }
}
