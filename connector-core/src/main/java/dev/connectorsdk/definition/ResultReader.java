package dev.connectorsdk.definition;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns answers into outputs: {@code {"statusCode", "headers", "body"}}. */
final class ResultReader {

  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          "[A-Za-z0-9*.+_-]+/[A-Za-z0-9*.+_-]+"
              + "( *; *[A-Za-z0-9.+_-]+=(\"[ !#-~]*\"|[A-Za-z0-9.+:_-]*))*");

  private ResultReader() {}

  static JsonNode read(Operation operation, Schemas schemas, HttpResponse response) {
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    output.put("statusCode", response.status());
    ObjectNode headers = output.putObject("headers");
    response.headers().forEach((name, values) -> headers.put(name, String.join(", ", values)));
    JsonNode body = body(response, schemas.isFile(schema(operation, schemas)));
    if (body != null) {
      output.set("body", body);
    }
    return output;
  }

  private static @Nullable JsonNode body(HttpResponse response, boolean file) {
    if (response.bytes().length == 0) {
      return null;
    }
    String type = response.contentType();
    if (!file && type != null && ContentTypes.isJson(type)) {
      try {
        return response.json();
      } catch (ResponseException notJson) {
        return JsonNodeFactory.instance.stringNode(response.text());
      }
    }
    if (!file && type != null && ContentTypes.isText(type)) {
      return JsonNodeFactory.instance.stringNode(response.text());
    }
    String full = response.header("Content-Type");
    return FileContent.write(response.bytes(), full == null ? ContentTypes.OCTETS : full);
  }

  /** Returns the header that asks for what the operation answers with. */
  static String accept(Operation operation, Schemas schemas) {
    if (schemas.isFile(schema(operation, schemas))) {
      return "*/*";
    }
    List<String> others = new ArrayList<>();
    for (String type : operation.produces()) {
      if (ContentTypes.bare(type).equals(ContentTypes.JSON)) {
        return ContentTypes.JSON;
      }
      if (MEDIA_TYPE.matcher(type).matches()) {
        others.add(type);
      }
    }
    if (others.isEmpty() || others.stream().anyMatch(ContentTypes::isJson)) {
      others.add(0, ContentTypes.JSON);
    }
    return String.join(", ", others);
  }

  /** Returns the schema of a successful answer; a missing node if the definition has none. */
  static JsonNode schema(Operation operation, Schemas schemas) {
    JsonNode responses = operation.node().path("responses");
    JsonNode response = responses.path("200");
    if (response.isMissingNode()) {
      response = responses.path("201");
    }
    if (response.isMissingNode()) {
      response = firstSuccess(responses);
    }
    if (response.isMissingNode()) {
      response = responses.path("default");
    }
    return schemas.resolve(response).path("schema");
  }

  private static JsonNode firstSuccess(JsonNode responses) {
    for (Map.Entry<String, JsonNode> entry : responses.properties()) {
      if (entry.getKey().length() == 3 && entry.getKey().startsWith("2")) {
        return entry.getValue();
      }
    }
    return MissingNode.getInstance();
  }
}
