package dev.connectorsdk.internal.definition.request;

import dev.connectorsdk.api.error.ResponseException;
import dev.connectorsdk.api.file.FileInfo;
import dev.connectorsdk.api.http.HttpResponse;
import dev.connectorsdk.internal.definition.document.DeclaredSchemas;
import dev.connectorsdk.internal.http.AnswerHeaders;
import dev.connectorsdk.internal.http.ReadOnce;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an operation declares of its answers.
 *
 * @param schema that of a successful answer; a missing node if the definition has none
 * @param isFile whether a successful answer is the content of a file
 * @param accept the header that asks for such answers
 */
public record DeclaredAnswer(JsonNode schema, boolean isFile, String accept) {

  private static final Pattern MEDIA_TYPE =
      Pattern.compile(
          "[A-Za-z0-9*.+_-]+/[A-Za-z0-9*.+_-]+"
              + "( *; *[A-Za-z0-9.+_-]+=(\"[ !#-~]*\"|[A-Za-z0-9.+:_-]*))*");

  /**
   * Reads what an operation declares.
   *
   * @param produces the content types of its answers, in the order of the definition
   */
  public static DeclaredAnswer of(
      JsonNode operation, List<String> produces, DeclaredSchemas schemas) {
    JsonNode schema = schema(operation.path("responses"), schemas);
    boolean file = schemas.isFile(schema);
    return new DeclaredAnswer(schema, file, file ? "*/*" : accept(produces));
  }

  /**
   * Turns an answer into an output: {@code {"statusCode", "headers", "body"}}.
   *
   * @param file what stands for the body if that went elsewhere, or {@code null}
   */
  public JsonNode output(HttpResponse response, @Nullable FileInfo file) {
    ObjectNode output = object(3);
    output.put("statusCode", response.status());
    ObjectNode headers = object(AnswerHeaders.count(response));
    output.set("headers", headers);
    AnswerHeaders.each(response, headers::put);
    JsonNode body = file == null ? body(response, isFile) : FileContent.write(file);
    if (body != null) {
      output.set("body", body);
    }
    return output;
  }

  private static ObjectNode object(int members) {
    return new ObjectNode(JsonNodeFactory.instance, new LinkedHashMap<>(members * 4 / 3 + 1));
  }

  private static @Nullable JsonNode body(HttpResponse response, boolean file) {
    if (ReadOnce.isEmpty(response)) {
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

  private static String accept(List<String> produces) {
    List<String> others = new ArrayList<>();
    for (String type : produces) {
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

  private static JsonNode schema(JsonNode responses, DeclaredSchemas schemas) {
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
