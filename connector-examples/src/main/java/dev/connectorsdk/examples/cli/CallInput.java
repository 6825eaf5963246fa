package dev.connectorsdk.examples.cli;

import dev.connectorsdk.api.Secret;
import dev.connectorsdk.api.file.FileProgress;
import dev.connectorsdk.api.file.FileSource;
import dev.connectorsdk.api.internal.ByteOrderMark;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Puts an operation's input together from what stands on the command line, by its schema. */
final class CallInput {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonNode schema;
  private final String operation;
  private final ObjectNode input;
  private final Set<String> given = new LinkedHashSet<>();
  private final List<Secret> secrets = new ArrayList<>();
  private final Map<String, FileSource> files = new LinkedHashMap<>();

  /**
   * @param schema of the operation's input
   * @param input to begin with
   */
  CallInput(OperationInfo operation, @Nullable JsonNode schema, ObjectNode input) {
    this.operation = operation.id();
    this.schema = schema == null ? Json.object() : schema;
    this.input = input;
    input.properties().forEach(p -> rememberSecret(p.getKey(), p.getValue()));
  }

  /** Reads a whole input. A dash stands for the standard input. */
  static ObjectNode read(String file, Terminal terminal) throws IOException {
    byte[] bytes =
        file.equals("-")
            ? InputFile.read(terminal.in(), "the standard input", InputFile.LARGEST)
            : InputFile.read(Path.of(file), InputFile.LARGEST);
    try {
      if (Json.MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException e) {
      var place = e.getLocation(); // null where a limit is exceeded
      throw new UsageException(
          place == null
              ? "nested too deeply, or too long a number, name or text: " + file
              : "not JSON: " + file + ":" + place.getLineNr() + ":" + place.getColumnNr());
    } catch (NumberFormatException e) {
      throw new UsageException("a number has an exponent that is out of range: " + file);
    }
    throw new UsageException("the input must be a JSON object: " + file);
  }

  /**
   * Adds {@code name=value}, of a file {@code name=@path}; what an array gets several times becomes
   * its elements.
   */
  void parameter(String option) {
    NameAndText parameter = NameAndText.of(option, "--param", "NAME=VALUE");
    String name = parameter.name();
    String text = parameter.text();
    JsonNode declared = declared(name);
    if (text.startsWith("@") && takesFile(declared)) {
      requireFirst(name);
      putFile(name, Path.of(text.substring(1)));
      return;
    }
    String type = type(declared);
    JsonNode value;
    if (type.equals("array") && !text.stripLeading().startsWith("[")) {
      ArrayNode elements =
          given.contains(name) && input.get(name) instanceof ArrayNode before
              ? before
              : JSON.arrayNode();
      value = elements.add(typed(name, text, resolve(declared.path("items"))));
    } else {
      requireFirst(name);
      value = typed(name, text, declared);
    }
    put(name, value);
  }

  /** Adds {@code name=file}: the content as text, as JSON or as a file, by what is declared. */
  void file(String option) {
    NameAndText parameter = NameAndText.of(option, "--file", "NAME=FILE");
    String name = parameter.name();
    Path file = Path.of(parameter.text());
    JsonNode declared = declared(name);
    requireFirst(name);
    if (takesFile(declared)) {
      putFile(name, file);
    } else {
      byte[] content = InputFile.read(file, InputFile.LARGEST);
      String text = ByteOrderMark.removedFrom(content);
      put(name, typed(name, text, declared));
    }
  }

  private void requireFirst(String name) {
    if (given.contains(name)) {
      throw new UsageException("--param " + name + " is given twice");
    }
  }

  private boolean takesFile(JsonNode declared) {
    JsonNode resolved = resolve(declared);
    return (types(declared).contains("object") && types(declared).contains("string"))
        || resolved.path("format").asString("").equals("binary")
        || resolved.path("contentEncoding").asString("").equals("base64");
  }

  /** It is read when it is sent. */
  private void putFile(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("no such file: " + file);
    }
    FileSource source = FileSource.of(file).typed(contentType(file));
    files.put(name, source);
    put(name, JSON.pojoNode(source));
  }

  private static String contentType(Path file) {
    try {
      String type = Files.probeContentType(file);
      return type == null ? "application/octet-stream" : type;
    } catch (IOException e) {
      return "application/octet-stream";
    }
  }

  private void put(String name, JsonNode value) {
    given.add(name);
    rememberSecret(name, value);
    input.set(name, value);
  }

  /** Returns the schema of a value: a parameter, or a member of the body as {@code body/a/b}. */
  private JsonNode declared(String name) {
    JsonNode whole = schema.path("properties").path(name);
    if (!whole.isMissingNode()) {
      return resolve(whole);
    }
    String[] path = name.split("/", -1);
    JsonNode at = schema;
    for (int i = 0; i < path.length; i++) {
      at = member(at, path[i], i > 0);
      if (at == null) {
        throw unknown(name);
      }
    }
    return at;
  }

  private @Nullable JsonNode member(JsonNode object, String name, boolean mayBeOpen) {
    JsonNode resolved = resolve(object);
    JsonNode property = resolved.path("properties").path(name);
    if (!property.isMissingNode()) {
      return resolve(property);
    }
    for (JsonNode part : resolved.path("allOf")) {
      JsonNode found = member(part, name, false);
      if (found != null) {
        return found;
      }
    }
    boolean isOpen = mayBeOpen && resolved.path("properties").isEmpty();
    return isOpen ? resolve(resolved.path("additionalProperties")) : null;
  }

  /** Returns what to tell somebody who named a parameter that there is not. */
  UsageException unknown(String name) {
    List<String> names = Outline.of(schema).stream().map(Outline.Row::name).toList();
    List<String> similar = Similar.to(name, names, 4);
    String help =
        !similar.isEmpty()
            ? "; did you mean " + String.join(", ", similar) + "?"
            : names.isEmpty() ? ", and takes none" : "; it takes " + String.join(", ", few(names));
    return new UsageException(
        "operation '" + operation + "' has no parameter '" + name + "'" + help);
  }

  private static List<String> few(List<String> names) {
    return names.size() > 12 ? names.subList(0, 12) : names;
  }

  private JsonNode resolve(JsonNode declared) {
    JsonNode at = declared;
    for (int i = 0; i < 20 && at.has("$ref"); i++) {
      at = schema.at(at.path("$ref").asString("").substring(1));
    }
    return at;
  }

  private static List<String> types(JsonNode declared) {
    List<String> types = new ArrayList<>();
    JsonNode type = declared.path("type");
    if (type.isArray()) {
      type.forEach(t -> types.add(t.asString("")));
    } else if (type.isString()) {
      types.add(type.stringValue());
    }
    return types;
  }

  private static String type(JsonNode declared) {
    List<String> types = types(declared);
    return types.isEmpty() ? "" : types.get(0);
  }

  private JsonNode typed(String name, String text, JsonNode declared) {
    String type = type(declared);
    try {
      return switch (type) {
        case "integer" -> JSON.numberNode(new BigInteger(text.strip()));
        case "number" -> JSON.numberNode(new BigDecimal(text.strip()));
        case "boolean" -> JSON.booleanNode(bool(text.strip()));
        case "array", "object" -> json(name, text, type);
        case "" -> jsonOrText(text);
        default -> StringNode.valueOf(text);
      };
    } catch (IllegalArgumentException e) {
      if (types(declared).contains("string") && text.contains("@")) {
        return StringNode.valueOf(text);
      }
      throw new UsageException("--param " + name + " must be of type " + type);
    }
  }

  private static boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException();
    };
  }

  private static JsonNode json(String name, String text, String type) {
    JsonNode json = jsonOrText(text);
    if (type.equals("array") ? json.isArray() : json.isObject()) {
      return json;
    }
    throw new UsageException("--param " + name + " must be a JSON " + type);
  }

  private static JsonNode jsonOrText(String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      return json.isMissingNode() ? StringNode.valueOf(text) : json;
    } catch (JacksonException | NumberFormatException e) {
      return StringNode.valueOf(text);
    }
  }

  private void rememberSecret(String name, JsonNode value) {
    if (value.isString() && !value.stringValue().isEmpty()) {
      JsonNode declared = schema.path("properties").path(name);
      JsonNode at = declared.isMissingNode() && name.contains("/") ? declared(name) : declared;
      if (resolve(at).path("format").asString("").equals("password")) {
        secrets.add(Secret.of(value.stringValue()));
      }
    } else if (value.isObject()) {
      for (var member : value.properties()) {
        if (schemaKnows(name + "/" + member.getKey())) {
          rememberSecret(name + "/" + member.getKey(), member.getValue());
        }
      }
    }
  }

  private boolean schemaKnows(String name) {
    try {
      declared(name);
      return true;
    } catch (UsageException e) {
      return false;
    }
  }

  /** Returns the input. */
  ObjectNode input() {
    return input;
  }

  /**
   * Returns the input with files that tell how far they have come.
   *
   * @param progress of a file, by its name
   */
  ObjectNode input(Function<String, FileProgress> progress) {
    ObjectNode watched = input.deepCopy();
    files.forEach(
        (name, file) ->
            watched.putPOJO(name, file.onProgress(progress.apply(String.valueOf(file.name())))));
    return watched;
  }

  /** Returns the values that the operation declares as passwords. */
  List<Secret> secrets() {
    return secrets;
  }
}
