package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException;
import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PercentEncoding;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.OutgoingRequest.Body;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the requests of one declared. Immutable and safe for use by several threads. */
public final class RequestBuilder {

  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]+)", Pattern.CASE_INSENSITIVE);

  private final DeclaredRequest declared;
  private final DeclaredSchemas schemas;
  private final @Nullable Expressions expressions;

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

  /**
   * Makes the request for one input.
   *
   * @throws InvalidInputException with all that is wrong
   * @throws dev.connectorsdk.api.error.OperationUnsupportedException if a default that has to be
   *     sent is an expression
   */
  public OutgoingRequest build(JsonNode input) {
    return new Building(input).build();
  }

  /** The making of one request. */
  private final class Building {

    private final List<Fault> faults = new ArrayList<>();
    private final Arguments arguments;
    private final BodyValues values;

    Building(JsonNode input) {
      arguments = Arguments.of(declared, input, faults);
      values = new BodyValues(declared.operation(), schemas, expressions, faults);
    }

    OutgoingRequest build() {
      Map<String, String> pathValues = new TreeMap<>();
      OutgoingRequest request =
          new OutgoingRequest(declared.method(), path(pathValues), pathValues);
      for (Parameter parameter : declared.parameters()) {
        switch (parameter.in()) {
          case QUERY -> query(parameter, request);
          case HEADER -> header(parameter, request);
          default -> {
            // The path is there already; bodies follow.
          }
        }
      }
      if (declared.header("Accept") == null) {
        request.setHeader("Accept", declared.accept());
      }
      Parameter bodyParameter = declared.body();
      if (bodyParameter != null) {
        body(bodyParameter, request);
      } else if (declared.hasForm()) {
        form(request);
      }
      if (!faults.isEmpty()) {
        throw new InvalidInputException("operation '" + declared.operation() + "'", faults);
      }
      return request;
    }

    /** Returns what to send for a parameter, or {@code null} for nothing. */
    private @Nullable JsonNode value(Parameter parameter) {
      JsonNode given = arguments.get(parameter);
      if (given != null) {
        return given;
      }
      JsonNode usual = parameter.declaredDefault();
      if (usual != null && parameter.required()) {
        return values.defaultValue(usual, schemas.type(parameter.schema()), pointer(parameter));
      }
      if (parameter.required()
          && (parameter.in() == ParameterPlace.PATH || !parameter.internal())) {
        fault(parameter, "is required");
      }
      return null;
    }

    private String path(Map<String, String> values) {
      StringBuilder path = new StringBuilder();
      for (OperationPath.Part part : declared.path().parts()) {
        Parameter parameter = part.parameter();
        if (parameter == null) {
          path.append(part.text());
          continue;
        }
        JsonNode value = value(parameter);
        String text = value == null ? null : single(parameter, value);
        int from = path.length();
        String problem = text == null ? null : OperationPath.append(parameter, text, path);
        if (problem != null) {
          fault(parameter, problem);
        }
        values.put(parameter.name(), path.substring(from));
      }
      return path.toString();
    }

    private void query(Parameter parameter, OutgoingRequest request) {
      for (String text : texts(parameter)) {
        if (!text.isEmpty()
            || parameter.required()
            || Lookup.isTrue(parameter.node().get("allowEmptyValue"))) {
          request.addQuery(parameter.name(), text);
        }
      }
    }

    private void header(Parameter parameter, OutgoingRequest request) {
      for (String text : texts(parameter)) {
        String trimmed = text.trim();
        if (trimmed.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7F)) {
          fault(parameter, "holds a character that is not allowed in a header");
        } else if (!trimmed.isEmpty() || parameter.required()) {
          request.setHeader(parameter.name(), trimmed);
        }
      }
      if (parameter.isNamedHeader("Accept") && arguments.get(parameter) == null) {
        JsonNode usual = parameter.declaredDefault();
        String text = usual == null || Scalars.isExpression(usual) ? null : Scalars.text(usual);
        request.setHeader(
            "Accept", text == null || text.isBlank() ? declared.accept() : text.trim());
      }
    }

    /** Returns the texts to send under a parameter's name: none, one, or several if they repeat. */
    private List<String> texts(Parameter parameter) {
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
      return repeats && format(parameter).equals("multi")
          ? texts
          : List.of(joined(parameter, texts));
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

    private @Nullable String single(Parameter parameter, JsonNode value) {
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

    /** Returns the content type that the caller or the definition chose by header. */
    private @Nullable String chosenContentType() {
      Parameter parameter = declared.header("Content-Type");
      if (parameter == null) {
        return null;
      }
      JsonNode value = arguments.get(parameter);
      if (value == null) {
        JsonNode usual = parameter.declaredDefault();
        value = usual == null || Scalars.isExpression(usual) ? null : usual;
      }
      String text = value == null ? null : Scalars.text(value);
      return text == null || text.isBlank() ? null : text.trim();
    }

    private void body(Parameter parameter, OutgoingRequest request) {
      JsonNode schema = parameter.schema();
      JsonNode given = arguments.get(parameter);
      JsonNode value = given;
      if (value == null && parameter.required()) {
        BodyValues unasked = parameter.internal() ? values.unasked() : values;
        value = unasked.missing(schema, pointer(parameter));
      }
      if (value == null) {
        return;
      }
      try {
        request.setBody(body(parameter, value, given == null));
      } catch (IllegalArgumentException notAFile) {
        fault(parameter, Objects.requireNonNullElse(notAFile.getMessage(), "is no file"));
      }
    }

    private Body body(Parameter parameter, JsonNode value, boolean complete) {
      JsonNode schema = parameter.schema();
      String chosen = chosenContentType();
      if (value.path("$multipart").isArray()) {
        return new Body.Multipart(MultipartValue.parts(value.path("$multipart")));
      }
      String type = schemas.type(schema);
      String listed = ContentTypes.forValue(declared.consumes());
      boolean base64 = schemas.format(schema).equals("byte");
      if (schemas.isFile(schema)
          || base64
          || (FileContent.isWritten(value) && schemas.properties(schema).isEmpty())) {
        FileContent file = FileContent.of(value, base64);
        String own = file.contentType();
        if (own == null) {
          own = listed == null || ContentTypes.isJson(listed) ? ContentTypes.OCTETS : listed;
        }
        return new Body.Bytes(file.bytes(), chosen == null ? own : chosen);
      }
      String contentType = chosen != null ? chosen : listed != null ? listed : ContentTypes.JSON;
      if (ContentTypes.isMultipart(contentType)) {
        contentType = ContentTypes.JSON;
      }
      JsonNode content = complete ? value : values.complete(schema, value, pointer(parameter));
      if (!content.isContainer() && !ContentTypes.isJson(contentType)) {
        String text = Scalars.text(content);
        return new Body.Bytes(
            (text == null ? "" : text).getBytes(charset(contentType)), contentType);
      }
      if (content.isObject() && ContentTypes.isForm(contentType)) {
        return new Body.Form(fields(content));
      }
      if (type.equals("string") && content.isContainer()) {
        fault(parameter, "must be a text");
      }
      return new Body.Json(content, contentType);
    }

    private List<Field> fields(JsonNode object) {
      List<Field> fields = new ArrayList<>();
      object.forEachEntry(
          (name, value) -> {
            if (!value.isNull()) {
              String text = Scalars.text(value);
              fields.add(new Field(name, text == null ? value.toString() : text));
            }
          });
      return fields;
    }

    private void form(OutgoingRequest request) {
      boolean hasFile =
          declared.parameters().stream()
              .anyMatch(p -> p.in() == ParameterPlace.FORM && schemas.isFile(p.schema()));
      boolean inParts = hasFile || ContentTypes.isInParts(chosenContentType(), declared.consumes());
      List<Part> parts = new ArrayList<>();
      List<Field> fields = new ArrayList<>();
      for (Parameter parameter : declared.parameters()) {
        if (parameter.in() != ParameterPlace.FORM) {
          continue;
        }
        if (schemas.isFile(parameter.schema())) {
          JsonNode value = value(parameter);
          if (value != null) {
            file(parameter, value, parts);
          }
        } else {
          for (String text : texts(parameter)) {
            parts.add(Part.text(parameter.name(), text));
            fields.add(new Field(parameter.name(), text));
          }
        }
      }
      if (!parts.isEmpty()) {
        request.setBody(inParts ? new Body.Multipart(parts) : new Body.Form(fields));
      }
    }

    private void file(Parameter parameter, JsonNode value, List<Part> parts) {
      try {
        FileContent file = FileContent.of(value, false);
        String name = file.fileName();
        String type = file.contentType();
        parts.add(
            Part.file(
                parameter.name(),
                name == null ? parameter.name() : name,
                type == null ? ContentTypes.OCTETS : type,
                file.bytes()));
      } catch (IllegalArgumentException notAFile) {
        fault(parameter, Objects.requireNonNullElse(notAFile.getMessage(), "is no file"));
      }
    }

    private void fault(Parameter parameter, String problem) {
      faults.add(new Fault(pointer(parameter), problem));
    }

    private String pointer(Parameter parameter) {
      return Lookup.pointer("", parameter.name());
    }
  }

  private static Charset charset(String contentType) {
    Matcher matcher = CHARSET.matcher(contentType);
    if (matcher.find()) {
      try {
        return Charset.forName(matcher.group(1));
      } catch (IllegalArgumentException unknown) {
        return StandardCharsets.UTF_8;
      }
    }
    return StandardCharsets.UTF_8;
  }
}
