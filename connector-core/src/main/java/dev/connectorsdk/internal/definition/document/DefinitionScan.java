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

/**
 * Goes through a document once, token by token, without keeping it: makes sure that it may be used,
 * and notes what a list of its operations shows. Refuses exactly what loading refuses.
 */
public final class DefinitionScan {

  private static final String REFERENCE = "$ref";

  private final JsonParser parser;
  private final String file;
  private final Map<String, Map<String, Draft>> paths = new LinkedHashMap<>();
  private @Nullable String openApi;
  private @Nullable String title;
  private @Nullable String version;
  private boolean hasPaths;
  private final ReferenceChains chains = new ReferenceChains();
  private String owner = "";
  private int objects;

  /** An operation as it is written; a later one under the same method replaces it. */
  private record Draft(
      @Nullable String id,
      @Nullable String summary,
      @Nullable String otherSummary,
      boolean trigger,
      boolean deprecated,
      boolean internal) {}

  private DefinitionScan(JsonParser parser, String file) {
    this.parser = parser;
    this.file = file;
  }

  /**
   * Goes through an OpenAPI document.
   *
   * @throws DefinitionException if it cannot be used
   */
  public static ScannedDocument swagger(byte[] bytes, Warnings warnings) {
    return TolerantJson.stream(
        bytes, warnings, parser -> new DefinitionScan(parser, warnings.file()).document());
  }

  /**
   * Goes through a file of connection parameters and policies.
   *
   * @throws DefinitionException if it cannot be used
   */
  public static void properties(byte[] bytes, Warnings warnings) {
    boolean found =
        TolerantJson.stream(
            bytes, warnings, parser -> new DefinitionScan(parser, warnings.file()).hasProperties());
    if (!found) {
      throw DefinitionLimits.withoutProperties(warnings.file());
    }
  }

  private boolean hasProperties() {
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
    count();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken token = parser.nextToken();
      if (name.equals("swagger")) {
        openApi = parser.getString();
        pass(name);
      } else if (name.equals("info") && token == JsonToken.START_OBJECT) {
        info();
      } else if (name.equals("paths")) {
        paths.clear();
        hasPaths = token == JsonToken.START_OBJECT;
        if (hasPaths) {
          paths();
        } else {
          pass(name);
        }
      } else if (token == JsonToken.START_OBJECT) {
        members(name);
      } else {
        pass(name);
      }
    }
    chains.check(file);
    if (openApi == null || !openApi.trim().equals("2.0")) {
      throw DefinitionLimits.notOpenApi2(file);
    }
    if (!hasPaths) {
      throw DefinitionLimits.withoutPaths(file);
    }
    return new ScannedDocument(title, version, operations());
  }

  /** Passes an object whose members can be referred to. */
  private void members(String name) {
    count();
    String pointer = JsonPointers.child("#", name);
    for (String member = parser.nextName(); member != null; member = parser.nextName()) {
      parser.nextToken();
      owner = JsonPointers.child(pointer, member);
      pass(member);
    }
    owner = "";
  }

  private void info() {
    count();
    title = null;
    version = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      switch (name) {
        case "title" -> title = text();
        case "version" -> version = text();
        default -> {}
      }
      pass(name);
    }
  }

  private void paths() {
    count();
    for (String path = parser.nextName(); path != null; path = parser.nextName()) {
      paths.remove(path);
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        paths.put(path, pathItem());
      } else {
        pass(path);
      }
    }
  }

  private Map<String, Draft> pathItem() {
    count();
    Map<String, Draft> drafts = new LinkedHashMap<>();
    for (String key = parser.nextName(); key != null; key = parser.nextName()) {
      drafts.remove(key);
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (object && OperationIds.METHODS.contains(Lookup.lower(key))) {
        drafts.put(key, operation());
      } else {
        pass(key);
      }
    }
    return drafts;
  }

  private Draft operation() {
    count();
    String id = null;
    String summary = null;
    String otherSummary = null;
    boolean trigger = false;
    boolean deprecated = false;
    boolean internal = false;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
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
    return new Draft(id, summary, otherSummary, trigger, deprecated, internal);
  }

  private @Nullable String text() {
    return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
  }

  private void count() {
    if (++objects > DefinitionLimits.OBJECTS) {
      throw DefinitionLimits.tooManyObjects(file);
    }
  }

  /** Passes the value that the parser is at, with everything in it. */
  private void pass(String name) {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      count();
      for (String member = parser.nextName(); member != null; member = parser.nextName()) {
        parser.nextToken();
        pass(member);
      }
    } else if (token == JsonToken.START_ARRAY) {
      int values = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values++;
        pass("");
      }
      if (values > DefinitionLimits.ENUM_VALUES && name.equals("enum")) {
        throw DefinitionLimits.enumTooLong(
            file, parser.streamReadContext().pathAsPointer().toString());
      }
    } else if (token == JsonToken.VALUE_STRING && name.equals(REFERENCE)) {
      String target = parser.getString();
      if (!DefinitionLimits.isLocal(target)) {
        throw DefinitionLimits.foreignReference(
            file, parser.streamReadContext().getParent().pathAsPointer().toString());
      }
      chains.add(owner, target);
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
        Lookup.upper(key),
        id,
        summary == null || summary.isBlank() ? id : summary.trim(),
        draft.internal(),
        draft.deprecated(),
        draft.trigger());
  }
}
