package dev.connectorsdk.testkit;

import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.http.Paging;
import dev.connectorsdk.runtime.ConnectorRuntime;
import dev.connectorsdk.testkit.SampleJson.Fill;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the service answers to the requests of one operation: as the author says, else as the code
 * of the operation reads it, else as the schema of its output has it.
 */
final class LearntAnswers {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** How an answer is read: one value, or a page of a list. */
  private record Reading(JsonNode schema, @Nullable Paging paging, String pointer) {}

  private final List<String> given;
  private final @Nullable JsonNode usual;
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();
  private volatile @Nullable Reading next;
  private volatile boolean isFile;

  /**
   * Nothing is learnt yet.
   *
   * @param given what the author says, one answer after the other
   * @param usual the schema of what is answered if nothing else is known
   */
  LearntAnswers(List<String> given, @Nullable JsonNode usual) {
    this.given = List.copyOf(given);
    this.usual = usual;
  }

  List<String> given() {
    return given;
  }

  int learnt() {
    return readings.size();
  }

  /** The answer to this request was read as this type. */
  void read(String key, Type type, boolean isList, ConnectorRuntime runtime) {
    JsonNode schema = schema(type, runtime);
    if (schema != null) {
      readings.putIfAbsent(key, new Reading(isList ? listOf(schema) : schema, null, ""));
    }
  }

  /** The answer to the next request will be read as pages. */
  void pages(Paging paging, String pointer, Type items, ConnectorRuntime runtime) {
    JsonNode schema = schema(items, runtime);
    next = new Reading(schema == null ? JSON.objectNode() : schema, paging, pointer);
  }

  /** The answer is a file, which may hold anything. */
  void file() {
    isFile = true;
  }

  boolean isFile() {
    return isFile;
  }

  /** Notes that a request has come. */
  void asked(String key) {
    Reading pending = next;
    if (pending != null) {
      readings.putIfAbsent(key, pending);
      next = null;
    }
  }

  /** Returns whether the list of pages is read by the library's own code. */
  boolean isPagedByLibrary() {
    return readings.values().stream().anyMatch(reading -> reading.paging() != null);
  }

  private static JsonNode listOf(JsonNode schema) {
    ObjectNode list = JSON.objectNode().put("type", "array");
    // References count from the root, which is now one deeper.
    list.set("$defs", schema.path("$defs"));
    list.set("items", schema);
    return list;
  }

  private static @Nullable JsonNode schema(Type type, ConnectorRuntime runtime) {
    if (type instanceof ParameterizedType list
        && list.getRawType() == List.class
        && list.getActualTypeArguments()[0] instanceof Class<?> element) {
      return runtime.schema(Shape.listOf(element));
    }
    if (type instanceof Class<?> known && !JsonNode.class.isAssignableFrom(known)) {
      return runtime.schema(Shape.of(known));
    }
    return null;
  }

  /** Returns the answer to a request. */
  PlayedAnswer answer(PlayedRequest request, Fill fill, int turn) {
    if (!given.isEmpty()) {
      int chosen =
          switch (fill) {
            case LAST -> given.size() - 1;
            case FULL -> Math.min(turn, given.size() - 1);
            case QUIET, REQUIRED -> 0;
          };
      return PlayedAnswer.json(200, given.get(chosen));
    }
    Reading reading = readings.get(request.key());
    if (reading == null) {
      return PlayedAnswer.json(200, usual == null ? "{}" : SampleJson.of(usual, fill).toString());
    }
    return reading.paging() == null
        ? PlayedAnswer.json(200, SampleJson.of(reading.schema(), fill).toString())
        : page(reading, reading.paging(), fill, turn);
  }

  private static PlayedAnswer page(Reading reading, Paging paging, Fill fill, int turn) {
    var items = JSON.arrayNode();
    if (fill == Fill.FULL) {
      items.add(SampleJson.of(reading.schema(), Fill.FULL));
    }
    JsonNode page =
        reading.pointer().isEmpty() ? items : with(JSON.objectNode(), reading.pointer(), items);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    if (fill != Fill.LAST) {
      page = name(paging, page, headers, turn);
    }
    return PlayedAnswer.of(
        200, headers, page.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  /** Names the next page as the connector looks for it. */
  private static JsonNode name(
      Paging paging, JsonNode page, Map<String, String> headers, int turn) {
    String mark = "page-" + turn;
    if (paging instanceof Paging.OmitsEmptyLists omitting) {
      return name(omitting.paging(), page, headers, turn);
    }
    if (paging instanceof Paging.NextLink link && page instanceof ObjectNode object) {
      return with(object, link.pointer(), JSON.stringNode("?sample=" + mark));
    }
    if (paging instanceof Paging.Cursor cursor && page instanceof ObjectNode object) {
      return with(object, cursor.pointer(), JSON.stringNode(mark));
    }
    if (paging instanceof Paging.LinkHeader) {
      headers.put("Link", "<?sample=" + mark + ">; rel=\"next\"");
    } else if (paging instanceof Paging.HeaderCursor cursor) {
      headers.put(cursor.header(), mark);
    } else if (paging instanceof Paging.Continuation continuation) {
      headers.put(continuation.header(), mark);
    }
    return page;
  }

  private static ObjectNode with(ObjectNode object, String pointer, JsonNode value) {
    String[] names = pointer.substring(1).split("/", -1);
    ObjectNode at = object;
    for (int i = 0; i < names.length - 1; i++) {
      at = at.path(names[i]) instanceof ObjectNode inner ? inner : at.putObject(names[i]);
    }
    at.set(names[names.length - 1].replace("~1", "/").replace("~0", "~"), value);
    return object;
  }

  /** Returns why what the author gave cannot be an answer, or {@code null}. */
  static @Nullable String problem(String json) {
    try {
      JsonMapper.shared().readTree(json);
      return null;
    } catch (JacksonException e) {
      return "is no JSON";
    }
  }
}
