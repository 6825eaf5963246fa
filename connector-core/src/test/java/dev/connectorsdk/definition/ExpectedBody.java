package dev.connectorsdk.definition;

import dev.connectorsdk.api.internal.PercentEncoding;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a body becomes under policies. */
final class ExpectedBody {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String STEPS = "((?:\\.[\\w$@-]+|\\['[^']*'\\]|\\[\\d+\\])*)";
  private static final Pattern STEP =
      Pattern.compile("\\.([\\w$@-]+)|\\['([^']*)'\\]|\\[(\\d+)\\]");
  private static final Pattern INSERT =
      Pattern.compile("(?:@\\{?|\\{@?)(body|item)\\(\\)" + STEPS + "}?", Pattern.CASE_INSENSITIVE);

  private final byte[] bytes;
  private @Nullable JsonNode json;

  ExpectedBody(byte[] bytes, @Nullable String contentType) {
    this.bytes = bytes;
    this.json = contentType == null || contentType.contains("json") ? parsed(bytes) : null;
  }

  private static @Nullable JsonNode parsed(byte[] text) {
    try {
      return text.length == 0 ? null : JsonMapper.shared().readTree(text);
    } catch (JacksonException notJson) {
      return null;
    }
  }

  /** Returns the JSON pointer of a path such as {@code @body().a['b']} or {@code a.b}. */
  static String pointer(String path) {
    String relative = path.replaceFirst("(?i)^@?(body|item)\\(\\)", "").trim();
    if (relative.isEmpty() || relative.equals("null")) {
      return "";
    }
    Matcher steps = STEP.matcher(relative.matches("[\\[.].*") ? relative : "." + relative);
    StringBuilder pointer = new StringBuilder();
    while (steps.find()) {
      String name = steps.group(1) != null ? steps.group(1) : steps.group(2);
      pointer
          .append('/')
          .append((name == null ? steps.group(3) : name).replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  void apply(JsonNode policy, String method) {
    JsonNode arguments = policy.path("parameters");
    UnaryOperator<String> argument =
        name -> arguments.path("x-ms-apimTemplateParameter." + name).asString("");
    switch (policy.path("templateId").asString("").toLowerCase(Locale.ROOT)) {
      case "setproperty" -> setProperty(argument, method);
      case "moveproperties" -> move(argument);
      case "convertarraytoobject",
          "convertobjecttoarray",
          "stringtoarray",
          "stringreplace",
          "encodepropertyvalue" ->
          convert(policy.path("templateId").asString(""), argument);
      default -> {
        // It is for answers, or for triggers.
      }
    }
  }

  private List<JsonNode> parents(String path) {
    JsonNode root = json;
    JsonNode found = root == null ? null : root.at(pointer(path));
    if (found == null || found.isMissingNode()) {
      return List.of();
    }
    List<JsonNode> parents = new ArrayList<>();
    if (found.isArray()) {
      found.forEach(parents::add);
    } else {
      parents.add(found);
    }
    return parents;
  }

  private void setProperty(UnaryOperator<String> argument, String method) {
    String parent = argument.apply("newPropertyParentPathTemplate");
    if (bytes.length == 0 && json == null && pointer(parent).isEmpty() && !method.equals("GET")) {
      json = JSON.objectNode();
    }
    for (JsonNode element : parents(parent)) {
      JsonNode value = value(argument.apply("propertyValuePathTemplate"), element);
      if (value != null) {
        put(element, pointer(argument.apply("newPropertySubPathTemplate")), value);
      }
    }
  }

  private @Nullable JsonNode value(String template, JsonNode item) {
    Matcher only = INSERT.matcher(template);
    if (only.matches()) {
      JsonNode found = insert(only.group(1), only.group(2), item);
      return found.isMissingNode() ? null : found;
    }
    if (template.matches("(?s)\\s*[\\[{].*") && !template.matches("(?s)\\{@.*")) {
      if (template.matches("\\[\\{?@[^\\[]*]")
          && INSERT
              .matcher(template)
              .results()
              .allMatch(m -> insert(m.group(1), m.group(2), item).isMissingNode())) {
        return null;
      }
      JsonNode read =
          parsed(
              INSERT
                  .matcher(template)
                  .replaceAll(
                      m ->
                          Matcher.quoteReplacement(insert(m.group(1), m.group(2), item).toString()))
                  .getBytes(StandardCharsets.UTF_8));
      if (read != null) {
        return read;
      }
    }
    return JSON.stringNode(
        INSERT
            .matcher(template)
            .replaceAll(
                m -> Matcher.quoteReplacement(insert(m.group(1), m.group(2), item).asString(""))));
  }

  private JsonNode insert(String function, String path, JsonNode item) {
    JsonNode from = function.equalsIgnoreCase("item") ? item : json;
    return from.at(pointer(path));
  }

  private static void put(JsonNode root, String pointer, JsonNode value) {
    int last = pointer.lastIndexOf('/');
    if (last >= 0 && root.at(pointer.substring(0, last)) instanceof ObjectNode parent) {
      parent.set(pointer.substring(last + 1).replace("~1", "/").replace("~0", "~"), value);
    }
  }

  private void convert(String template, UnaryOperator<String> argument) {
    String sub = pointer(argument.apply("propertySubPath"));
    String parent = argument.apply("propertyParentPath");
    List<JsonNode> parents =
        !sub.isEmpty()
            ? parents(parent)
            : json == null ? List.of() : List.of(json.at(pointer(parent)));
    for (JsonNode element : parents) {
      JsonNode value = element.at(sub);
      JsonNode converted =
          switch (template.toLowerCase(Locale.ROOT)) {
            case "convertarraytoobject" -> toObject(value, argument);
            case "convertobjecttoarray" -> toArray(value, argument);
            case "stringtoarray" -> split(value, argument);
            case "stringreplace" ->
                value.isString()
                    ? JSON.stringNode(
                        value
                            .stringValue()
                            .replace(
                                argument.apply("sourceString"),
                                argument.apply("replacementString")))
                    : null;
            default ->
                value.isString()
                    ? JSON.stringNode(PercentEncoding.encode(value.stringValue()))
                    : null;
          };
      if (converted != null) {
        String target = argument.apply("newPropertyPath");
        put(
            target.toLowerCase(Locale.ROOT).contains("item()") ? element : json,
            pointer(target),
            converted);
      }
    }
  }

  private static @Nullable JsonNode toObject(JsonNode array, UnaryOperator<String> argument) {
    if (!array.isArray()) {
      return null;
    }
    ObjectNode object = JSON.objectNode();
    String key = argument.apply("keyWithinCollectionPath");
    for (JsonNode element : array) {
      if (element.path(key).isValueNode()) {
        ObjectNode value = (ObjectNode) element.deepCopy();
        if (argument.apply("retainKey").equalsIgnoreCase("false")) {
          value.remove(key);
        }
        object.set(element.path(key).asString(), value.isEmpty() ? JSON.nullNode() : value);
      }
    }
    return object;
  }

  private static @Nullable JsonNode toArray(JsonNode object, UnaryOperator<String> argument) {
    if (!object.isObject()) {
      return null;
    }
    ArrayNode array = JSON.arrayNode();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      ObjectNode element = array.addObject();
      element.put(orElse(argument.apply("keyName"), "key"), member.getKey());
      element.set(orElse(argument.apply("valueName"), "value"), member.getValue());
    }
    return array;
  }

  private static String orElse(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static @Nullable JsonNode split(JsonNode value, UnaryOperator<String> argument) {
    if (!value.isString()) {
      return null;
    }
    ArrayNode array = JSON.arrayNode();
    Arrays.stream(
            value.stringValue().split("[" + Pattern.quote(argument.apply("delimiterList")) + "]"))
        .map(String::trim)
        .filter(text -> !text.isEmpty())
        .forEach(text -> array.addObject().put(argument.apply("childPropertyName"), text));
    return array;
  }

  private void move(UnaryOperator<String> argument) {
    for (JsonNode from : parents(argument.apply("srcParentPath"))) {
      String source = pointer(argument.apply("srcSubPath"));
      JsonNode value = from.at(source);
      JsonNode target = json == null ? null : json.at(pointer(argument.apply("dstParentPath")));
      if (target instanceof ObjectNode to
          && from instanceof ObjectNode object
          && value.isObject()
          && argument.apply("copyOnlySubProperties").equalsIgnoreCase("true")
          && pointer(argument.apply("dstSubPath")).isEmpty()) {
        object.remove(source.substring(1));
        value.properties().forEach(member -> to.set(member.getKey(), member.getValue()));
      }
    }
  }

  /** Returns what is otherwise in a body, or {@code null} if nothing is. */
  @Nullable String differenceTo(byte[] sent, boolean form) {
    JsonNode wanted = json;
    if (wanted != null && wanted.isObject() && form) {
      String fields =
          wanted.properties().stream()
              .map(member -> encoded(member.getKey()) + "=" + encoded(text(member.getValue())))
              .collect(Collectors.joining("&"));
      String actual = new String(sent, StandardCharsets.UTF_8);
      return fields.equals(actual) ? null : "the form is " + actual + ", not " + fields;
    }
    JsonNode actual = wanted == null ? null : parsed(sent);
    if (wanted != null) {
      return wanted.equals(actual) ? null : "the body is " + actual + ", not " + wanted;
    }
    String text = new String(sent, StandardCharsets.UTF_8);
    return withoutBoundary(text).equals(withoutBoundary(new String(bytes, StandardCharsets.UTF_8)))
        ? null
        : "the body is " + text;
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asString() : value.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String withoutBoundary(String body) {
    return body.startsWith("--") ? body.replace(body.substring(2, body.indexOf('\r')), "") : body;
  }
}
