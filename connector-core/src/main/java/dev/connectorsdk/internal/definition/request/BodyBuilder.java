package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.InvalidInputException.Fault;
import dev.connectorsdk.api.http.Part;
import dev.connectorsdk.api.internal.EmbeddedFiles;
import dev.connectorsdk.api.internal.PercentEncoding;
import dev.connectorsdk.api.internal.QueryParameter;
import dev.connectorsdk.api.internal.WireText;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.request.OutgoingRequest.Body;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Makes the body of one request. */
final class BodyBuilder {

  private final DeclaredRequest declared;
  private final ParameterTexts texts;
  private final DeclaredSchemas schemas;
  private final BodyValues values;
  private final Kind kind;

  /**
   * What a body is declared as.
   *
   * @param isFile whether it is the content of a file
   * @param isBase64 whether it is, and its text is given in Base64
   * @param isText whether it is any other text
   */
  record Kind(boolean isFile, boolean isBase64, boolean isText) {

    static Kind of(DeclaredRequest declared, DeclaredSchemas schemas) {
      Parameter body = declared.body();
      JsonNode schema = body == null ? MissingNode.getInstance() : body.schema();
      boolean isBase64 = schemas.format(schema).equals("byte");
      boolean isText = schemas.type(schema).equals("string");
      return new Kind(isBase64 || schemas.isFile(schema), isBase64, isText);
    }
  }

  BodyBuilder(DeclaredRequest declared, Kind kind, ParameterTexts texts) {
    this.declared = declared;
    this.kind = kind;
    this.texts = texts;
    this.schemas = texts.schemas();
    this.values = texts.values();
  }

  /** Returns the body, or {@code null} for none. */
  @Nullable Body build() {
    Parameter parameter = declared.body();
    if (parameter == null) {
      return declared.hasForm() ? form() : null;
    }
    JsonNode given = texts.arguments().get(parameter);
    JsonNode value = given == null && parameter.required() ? missing(parameter) : given;
    if (value == null) {
      return null;
    }
    try {
      return body(parameter, value, given == null);
    } catch (IllegalArgumentException notAFile) {
      fault(parameter, notAFile);
      return null;
    }
  }

  private void fault(Parameter parameter, IllegalArgumentException notAFile) {
    texts.fault(parameter, Objects.requireNonNullElse(notAFile.getMessage(), "is no file"));
  }

  private @Nullable JsonNode missing(Parameter parameter) {
    return values(parameter).missing(parameter.schema(), ParameterTexts.pointer(parameter));
  }

  private BodyValues values(Parameter parameter) {
    return parameter.internal() ? values.unasked() : values;
  }

  /** Returns the content type that the caller or the definition chose by header. */
  private @Nullable String chosenContentType() {
    Parameter parameter = declared.header("Content-Type");
    return parameter == null ? null : texts.said(parameter);
  }

  private Body body(Parameter parameter, JsonNode value, boolean complete) {
    if (value.path("$multipart").isArray()) {
      return new Body.Multipart(MultipartValue.parts(value.path("$multipart")));
    }
    String chosen = chosenContentType();
    String listed = ContentTypes.forValue(declared.consumes());
    if (kind.isFile() || isFileInPlaceOf(parameter.schema(), value)) {
      return file(value, chosen, listed);
    }
    JsonNode content =
        complete
            ? value
            : values(parameter)
                .complete(parameter.schema(), value, ParameterTexts.pointer(parameter));
    boolean inParts = chosen != null && ContentTypes.isMultipart(chosen) && content.isObject();
    requireTexts(parameter, content, inParts);
    if (inParts) {
      return new Body.Multipart(parts(parameter, content, value));
    }
    String contentType = chosen != null ? chosen : listed != null ? listed : ContentTypes.JSON;
    return content(
        parameter,
        content,
        ContentTypes.isMultipart(contentType) ? ContentTypes.JSON : contentType);
  }

  /** JSON and forms hold no files; a part may be one, but not hold one. */
  private void requireTexts(Parameter parameter, JsonNode content, boolean inParts) {
    for (String file : EmbeddedFiles.in(content)) {
      boolean isPart = inParts && file.lastIndexOf('/') == 0;
      if (!isPart) {
        String pointer = ParameterTexts.pointer(parameter) + file;
        texts.faults().add(new Fault(pointer, "must not be a file; give its content as a text"));
      }
    }
  }

  /**
   * Returns a part for each member of an object.
   *
   * @param given the object as it was given, with its files
   */
  private List<Part> parts(Parameter parameter, JsonNode object, JsonNode given) {
    List<Part> parts = new ArrayList<>();
    for (QueryParameter field : fields(parameter, object)) {
      JsonNode value = given.path(field.name());
      parts.add(
          FileContent.isWritten(value)
              ? part(field.name(), value)
              : Part.text(field.name(), field.value()));
    }
    return parts;
  }

  private List<QueryParameter> fields(Parameter parameter, JsonNode object) {
    List<QueryParameter> fields = FormEncoding.fields(object);
    if (!fields.stream()
        .allMatch(
            field ->
                PercentEncoding.isEncodable(field.name())
                    && PercentEncoding.isEncodable(field.value()))) {
      texts.fault(parameter, "holds half a surrogate pair, which no form can hold");
    }
    return fields;
  }

  private static Part part(String name, JsonNode value) {
    FileContent file = FileContent.of(value, false);
    return new Part(
        name,
        Objects.requireNonNullElse(file.fileName(), name),
        Objects.requireNonNullElse(file.contentType(), ContentTypes.OCTETS),
        file.content());
  }

  private boolean isFileInPlaceOf(JsonNode schema, JsonNode value) {
    return FileContent.isWritten(value) && schemas.properties(schema).isEmpty();
  }

  private Body file(JsonNode value, @Nullable String chosen, @Nullable String listed) {
    FileContent file = FileContent.of(value, kind.isBase64());
    String own = file.contentType();
    if (own == null) {
      own = listed == null || ContentTypes.isJson(listed) ? ContentTypes.OCTETS : listed;
    }
    return new Body.File(file.content(), chosen == null ? own : chosen);
  }

  private Body content(Parameter parameter, JsonNode content, String contentType) {
    if (!content.isContainer() && !ContentTypes.isJson(contentType)) {
      return new Body.Bytes(encoded(parameter, content, contentType), contentType);
    }
    if (content.isObject() && ContentTypes.isForm(contentType)) {
      return new Body.Form(fields(parameter, content));
    }
    if (content.isContainer() && kind.isText()) {
      texts.fault(parameter, "must be a text");
    }
    return new Body.Json(content, contentType);
  }

  private byte[] encoded(Parameter parameter, JsonNode content, String contentType) {
    String text = Objects.requireNonNullElse(Scalars.text(content), "");
    Charset charset = WireText.charset(contentType);
    if (!charset.canEncode() || !charset.newEncoder().canEncode(text)) {
      texts.fault(parameter, "has a character that the charset " + charset + " does not have");
      return new byte[0];
    }
    return text.getBytes(charset);
  }

  private @Nullable Body form() {
    List<Part> parts = new ArrayList<>();
    List<QueryParameter> fields = new ArrayList<>();
    boolean hasFile = false;
    for (Parameter parameter : declared.parameters()) {
      if (parameter.in() != ParameterPlace.FORM) {
        continue;
      }
      if (schemas.isFile(parameter.schema())) {
        hasFile = true;
        addFile(parameter, parts);
      } else {
        for (String text : texts.fields(parameter, declared)) {
          parts.add(Part.text(parameter.name(), text));
          fields.add(new QueryParameter(parameter.name(), text));
        }
      }
    }
    if (parts.isEmpty()) {
      return null;
    }
    boolean inParts = hasFile || ContentTypes.isInParts(chosenContentType(), declared.consumes());
    return inParts ? new Body.Multipart(parts) : new Body.Form(fields);
  }

  private void addFile(Parameter parameter, List<Part> parts) {
    JsonNode value = texts.value(parameter);
    if (value == null) {
      return;
    }
    try {
      parts.add(part(parameter.name(), value));
    } catch (IllegalArgumentException notAFile) {
      fault(parameter, notAFile);
    }
  }
}
