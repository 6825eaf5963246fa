package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Goes through a document once, token by token: makes sure that it may be used, and notes what a
 * list of its operations shows, and where its parts are, which are read when they are needed.
 */
public final class DefinitionScan {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String REFERENCE = "$ref";

  private final JsonParser parser;
  private final String file;
  private final DocumentText text;

  /** Whether there may be a text that is too long, which the parser notices if it decodes it. */
  private final boolean decodesTexts;

  private final ObjectNode root = NODES.objectNode();
  private final Map<String, Map<String, Draft>> paths = new LinkedHashMap<>();
  private @Nullable String openApi;
  private @Nullable String title;
  private @Nullable String version;
  private boolean hasPaths;
  private final ReferenceChains chains = new ReferenceChains();

  /** Where the part is that may be referred to, and what it is called; its pointer, once needed. */
  private String ownersPlace = "";

  private String ownersName = "";
  private @Nullable String owner = "";
  private int objects;
  private long weight;

  /** The first thing that is too much: what is no document at all is said before. */
  private @Nullable DefinitionException refusal;

  /** An operation as it is written; a later one under the same method replaces it. */
  private record Draft(
      @Nullable String id,
      @Nullable String summary,
      @Nullable String otherSummary,
      boolean trigger,
      boolean deprecated,
      boolean internal) {}

  private DefinitionScan(JsonParser parser, String file, byte[] text, int from) {
    this.parser = parser;
    this.file = file;
    this.text = new DocumentText(file, text, from);
    this.decodesTexts = text.length > TolerantJson.LONGEST_TEXT;
    this.weight = text.length;
  }

  /**
   * Goes through an OpenAPI document.
   *
   * @throws DefinitionException if it cannot be used
   */
  public static ScannedDocument swagger(byte[] bytes, Warnings warnings) {
    return TolerantJson.stream(
        bytes, warnings, (parser, text, from) -> document(parser, warnings.file(), text, from));
  }

  private static ScannedDocument document(JsonParser opened, String file, byte[] text, int from) {
    if (opened.currentTokenLocation().getByteOffset() >= 0) {
      return new DefinitionScan(opened, file, text, from).document();
    }
    byte[] copy = TolerantJson.copied(opened); // Jackson reads UTF-16 and UTF-32, too.
    try (JsonParser parser = TolerantJson.parser(copy, 0, copy.length)) {
      parser.nextToken();
      return new DefinitionScan(parser, file, copy, 0).document();
    }
  }

  /**
   * Goes through a file of connection parameters and policies.
   *
   * @throws DefinitionException if it cannot be used
   */
  public static void properties(byte[] bytes, Warnings warnings) {
    boolean found =
        TolerantJson.stream(bytes, warnings, (parser, text, from) -> hasProperties(parser));
    if (!found) {
      throw DefinitionLimits.withoutProperties(warnings.file());
    }
  }

  private static boolean hasProperties(JsonParser parser) {
    boolean found = false;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      if (name.equalsIgnoreCase("properties")) {
        found |= parser.nextToken() == JsonToken.START_OBJECT;
      } else {
        parser.nextToken();
      }
      parser.skipChildren();
    }
    return found;
  }

  private ScannedDocument document() {
    int members = 0;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      members++;
      boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
      if (name.equals("swagger")) {
        openApi = parser.getString();
      } else if (name.equals("paths")) {
        paths.clear();
        hasPaths = isObject;
      }
      if (!isObject) {
        root.set(name, value(name));
      } else if (name.equals("paths")) {
        root.set(name, paths());
      } else if (name.equals("info")) {
        root.set(name, part(this::info));
      } else {
        root.set(name, members(name));
      }
    }
    object(members);
    if (openApi == null || !openApi.trim().equals("2.0")) {
      throw DefinitionLimits.notOpenApi2(file);
    }
    if (!hasPaths) {
      throw DefinitionLimits.withoutPaths(file);
    }
    if (refusal != null) {
      throw refusal;
    }
    chains.check(file);
    return new ScannedDocument(title, version, operations(), root, weight);
  }

  /** Passes a value, and returns it. An object is read when it is needed. */
  private JsonNode value(String name) {
    if (parser.currentToken().isStructStart()) {
      return part(() -> pass(name));
    }
    pass(name);
    return parser.readValueAsTree();
  }

  /** Lets {@code pass} pass an object or an array, and returns it. */
  private JsonNode part(Runnable pass) {
    boolean isObject = parser.currentToken() == JsonToken.START_OBJECT;
    long start = parser.currentTokenLocation().getByteOffset();
    pass.run();
    long end = parser.currentLocation().getByteOffset();
    return isObject ? text.object(start, end) : text.value(start, end);
  }

  /** Passes an object whose members can be referred to. */
  private ObjectNode members(String name) {
    ObjectNode members = NODES.objectNode();
    String pointer = JsonPointers.child("#", name);
    for (String member = parser.nextName(); member != null; member = parser.nextName()) {
      parser.nextToken();
      enter(pointer, member);
      members.set(member, value(member));
    }
    owner = "";
    object(members.size());
    return members;
  }

  /** Enters a part that may be referred to. */
  private void enter(String place, String name) {
    ownersPlace = place;
    ownersName = name;
    owner = null;
  }

  private String owner() {
    String pointer = owner;
    if (pointer == null) {
      pointer = JsonPointers.child(ownersPlace, ownersName);
      owner = pointer;
    }
    return pointer;
  }

  private void info() {
    title = null;
    version = null;
    int members = 0;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      members++;
      parser.nextToken();
      switch (name) {
        case "title" -> title = text();
        case "version" -> version = text();
        default -> {}
      }
      pass(name);
    }
    object(members);
  }

  private ObjectNode paths() {
    ObjectNode items = NODES.objectNode();
    for (String path = parser.nextName(); path != null; path = parser.nextName()) {
      enter("#/paths", path);
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        Map<String, Draft> drafts = new LinkedHashMap<>();
        items.set(path, part(() -> pathItem(drafts)));
        paths.put(path, drafts);
      } else {
        items.set(path, value(path));
        paths.remove(path);
      }
    }
    owner = "";
    object(items.size());
    return items;
  }

  private void pathItem(Map<String, Draft> drafts) {
    int members = 0;
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      members++;
      boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
      if (isObject && OperationIds.METHODS.contains(Lookup.lower(key))) {
        drafts.put(key, operation());
      } else {
        pass(key);
        drafts.remove(key);
      }
    }
    object(members);
  }

  private Draft operation() {
    String id = null;
    String summary = null;
    String otherSummary = null;
    boolean trigger = false;
    boolean deprecated = false;
    boolean internal = false;
    int members = 0;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      members++;
      JsonToken token = parser.nextToken();
      switch (name) {
        case "operationId" -> id = text();
        case "summary" -> summary = text();
        case "x-ms-summary" -> otherSummary = text();
        case "x-ms-trigger" -> trigger = text() != null;
        case "deprecated" ->
            deprecated =
                token.isScalarValue() && parser.getString().trim().equalsIgnoreCase("true");
        case "x-ms-visibility" -> {
          String visibility = text();
          internal = visibility != null && visibility.trim().equalsIgnoreCase("internal");
        }
        default -> {}
      }
      pass(name);
    }
    object(members);
    return new Draft(id, summary, otherSummary, trigger, deprecated, internal);
  }

  private @Nullable String text() {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
  }

  /** Counts an object with so many members. */
  private void object(int members) {
    weight += CompactTree.weight(true, members);
    if (++objects > DefinitionLimits.OBJECTS && refusal == null) {
      refusal = DefinitionLimits.tooManyObjects(file);
    }
  }

  /** Passes the value that the parser is at, with everything in it. */
  private void pass(String name) {
    pass(name, parser.currentToken());
  }

  private void pass(String name, JsonToken token) {
    switch (token) {
      case START_OBJECT -> {
        int members = 0;
        for (String member = parser.nextName(); member != null; member = parser.nextName()) {
          members++;
          pass(member, parser.nextToken());
        }
        object(members);
      }
      case START_ARRAY -> array(name);
      case VALUE_STRING -> string(name);
      case VALUE_NUMBER_INT -> parser.getNumberValue(); // Numbers may be too long.
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      default -> {}
    }
  }

  private void array(String name) {
    int values = 0;
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      values++;
      pass("", token);
    }
    weight += CompactTree.weight(false, values);
    if (values > DefinitionLimits.ENUM_VALUES && name.equals("enum") && refusal == null) {
      refusal =
          DefinitionLimits.enumTooLong(file, parser.streamReadContext().pathAsPointer().toString());
    }
  }

  private void string(String name) {
    if (decodesTexts) {
      parser.getString();
    }
    if (!name.equals(REFERENCE)) {
      return;
    }
    String target = parser.getString();
    if (refusal != null) {
      return;
    }
    chains.add(owner(), target);
    if (!DefinitionLimits.isLocal(target)) {
      refusal =
          DefinitionLimits.foreignReference(
              file, parser.streamReadContext().getParent().pathAsPointer().toString());
    }
  }

  private List<ScannedOperation> operations() {
    OperationIds ids = new OperationIds();
    List<ScannedOperation> operations = new ArrayList<>();
    paths.forEach(
        (path, drafts) ->
            drafts.forEach((key, draft) -> operations.add(operation(path, key, draft, ids))));
    if (operations.size() > DefinitionLimits.OPERATIONS) {
      throw DefinitionLimits.tooManyOperations(file);
    }
    return List.copyOf(operations);
  }

  private static ScannedOperation operation(
      String path, String key, Draft draft, OperationIds ids) {
    String declared = draft.id();
    String id =
        ids.unique(
            declared != null && OperationIds.isDeclared(declared)
                ? declared
                : OperationIds.substitute(key, path));
    String summary = draft.summary() != null ? draft.summary() : draft.otherSummary();
    return new ScannedOperation(
        path,
        key,
        Lookup.upper(key),
        id,
        summary == null || summary.isBlank() ? id : summary.trim(),
        draft.internal(),
        draft.deprecated(),
        draft.trigger());
  }
}
