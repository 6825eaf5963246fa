package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.request.OutgoingRequest.Body;
import dev.connectorsdk.internal.http.PathPlan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the requests of one operation. Immutable and safe for use by several threads. */
public final class RequestBuilder {

  private final DeclaredRequest declared;
  private final DeclaredSchemas schemas;
  private final @Nullable Expressions expressions;
  private volatile @Nullable Reading reading; // made for the first request

  /**
   * What is read of the definition once.
   *
   * @param plan of the segments of the path, or {@code null} if it has other parts
   * @param asksForAnswers whether a parameter says which answers are wanted
   * @param body as what the body is declared, or {@code null} if requests have none
   */
  private record Reading(
      List<Part> path,
      @Nullable PathPlan plan,
      List<SentParameter> parameters,
      boolean asksForAnswers,
      BodyBuilder.@Nullable Kind body) {}

  /** A part of the path: text, or the parameter whose value stands there. */
  private record Part(String text, @Nullable SentParameter parameter) {}

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
  }

  private Reading reading() {
    Reading known = reading;
    if (known == null) {
      known = read();
      reading = known;
    }
    return known;
  }

  private Reading read() {
    List<OperationPath.Part> segments = declared.path().segments();
    List<Part> path = new ArrayList<>();
    List<@Nullable String> texts = new ArrayList<>();
    for (OperationPath.Part part : segments == null ? declared.path().parts() : segments) {
      Parameter parameter = part.parameter();
      path.add(
          new Part(
              part.text(),
              parameter == null ? null : SentParameter.of(parameter, declared, schemas)));
      texts.add(parameter == null ? part.text() : null);
    }
    return new Reading(
        List.copyOf(path),
        segments == null ? null : new PathPlan(texts),
        declared.parameters().stream()
            .filter(p -> p.in() == ParameterPlace.QUERY || p.in() == ParameterPlace.HEADER)
            .map(parameter -> SentParameter.of(parameter, declared, schemas))
            .toList(),
        declared.header("Accept") != null,
        declared.body() != null || declared.hasForm()
            ? BodyBuilder.Kind.of(declared, schemas)
            : null);
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
    Reading read = reading();
    OutgoingRequest request = new OutgoingRequest(declared.method(), path(read, texts));
    if (!read.asksForAnswers()) {
      request.setHeader("Accept", declared.accept());
    }
    for (int i = 0; i < read.parameters().size(); i++) {
      SentParameter sent = read.parameters().get(i);
      if (sent.parameter().in() == ParameterPlace.QUERY) {
        query(sent, texts, request);
      } else {
        header(sent, texts, request);
      }
    }
    BodyBuilder.Kind kind = read.body();
    Body body = kind == null ? null : new BodyBuilder(declared, kind, texts).build();
    if (body != null) {
      request.setBody(body);
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("operation '" + declared.operation() + "'", faults);
    }
    return request;
  }

  private static RequestPath path(Reading read, ParameterTexts texts) {
    RequestPath path = new RequestPath(read.plan(), read.path().size());
    for (int i = 0; i < read.path().size(); i++) {
      Part part = read.path().get(i);
      if (part.parameter() == null) {
        path.add(part.text());
      } else {
        addTo(path, part.parameter(), texts);
      }
    }
    return path;
  }

  private static void addTo(RequestPath path, SentParameter sent, ParameterTexts texts) {
    String text = texts.text(sent);
    if (text != null) {
      addTo(path, sent.parameter(), text, texts);
      return;
    }
    ParameterTexts.Values values = texts.values(sent);
    for (List<String> items : values.each()) {
      addTo(path, sent.parameter(), items, values.separator(), texts);
    }
  }

  private static void addTo(
      RequestPath path, Parameter parameter, String text, ParameterTexts texts) {
    String problem = OperationPath.problem(parameter, text);
    if (problem == null) {
      path.add(parameter, OperationPath.encoded(parameter, text));
    } else {
      texts.fault(parameter, problem);
    }
  }

  private static void addTo(
      RequestPath path,
      Parameter parameter,
      List<String> items,
      String separator,
      ParameterTexts texts) {
    String problem = OperationPath.problem(parameter, items, separator);
    if (problem == null) {
      path.add(parameter, OperationPath.encoded(parameter, items, separator));
    } else {
      texts.fault(parameter, problem);
    }
  }

  private static void query(SentParameter sent, ParameterTexts texts, OutgoingRequest request) {
    String name = sent.parameter().name();
    String text = texts.text(sent);
    if (text != null) {
      if (sent.emptyToo() || !text.isEmpty()) {
        request.addQuery(name, text);
      }
      return;
    }
    ParameterTexts.Values values = texts.values(sent);
    for (List<String> items : values.each()) {
      if (sent.emptyToo() || !areEmpty(items)) {
        request.addQuery(name, items, values.separator());
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

  private void header(SentParameter sent, ParameterTexts texts, OutgoingRequest request) {
    Parameter parameter = sent.parameter();
    for (String text : texts.values(sent).texts()) {
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
