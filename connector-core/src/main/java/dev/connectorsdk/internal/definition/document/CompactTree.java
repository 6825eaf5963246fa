package dev.connectorsdk.internal.definition.document;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Reads a document into a tree that is kept: with Jackson's nodes, and less than half of the memory
 * that Jackson's own trees take, since most objects have few members and most short texts come
 * again and again. Where a name comes twice the last one counts. For one document and one thread.
 *
 * <p>How deep it goes is limited by the parser.
 */
final class CompactTree {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final int SHORT = 48;
  private static final int PLACES = 2048;

  // In bytes, on a JVM with compressed references.
  private static final int CONTAINER = 72;
  private static final int MEMBER = 8;
  private static final int HASHED_MEMBER = 100;
  private static final int OWN_TEXT = 56;

  /** Of the short texts with the same place the last one that was read. */
  private final StringNode[] recent = new StringNode[PLACES];

  /** The members and elements of what is not read to its end yet. */
  private String[] names = new String[64];

  private JsonNode[] values = new JsonNode[64];
  private int count;

  /** Reads the value whose first token the parser is at. */
  JsonNode read(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> text(parser.getString());
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.instance;
      default -> parser.readValueAsTree();
    };
  }

  private ObjectNode object(JsonParser parser) {
    return new ObjectNode(NODES, members(parser));
  }

  /** Reads the members of the object whose beginning the parser is at. */
  Map<String, JsonNode> members(JsonParser parser) {
    int first = count;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      add(name, read(parser));
    }
    Map<String, JsonNode> members = members(first);
    removeFrom(first);
    return members;
  }

  private Map<String, JsonNode> members(int first) {
    if (count - first <= CompactMembers.MOST && !isAnyTwice(first)) {
      return new CompactMembers(
          Arrays.copyOfRange(names, first, count), Arrays.copyOfRange(values, first, count));
    }
    Map<String, JsonNode> members = new LinkedHashMap<>(2 * (count - first));
    for (int i = first; i < count; i++) {
      members.put(names[i], values[i]);
    }
    return members;
  }

  private boolean isAnyTwice(int first) {
    for (int i = first + 1; i < count; i++) {
      for (int j = first; j < i; j++) {
        if (names[i].equals(names[j])) {
          return true;
        }
      }
    }
    return false;
  }

  private ArrayNode array(JsonParser parser) {
    int first = count;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      add("", read(parser));
    }
    List<JsonNode> elements = new ArrayList<>(count - first);
    for (int i = first; i < count; i++) {
      elements.add(values[i]);
    }
    removeFrom(first);
    return new ArrayNode(NODES, elements);
  }

  private void add(String name, JsonNode value) {
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    names[count] = name;
    values[count++] = value;
  }

  private void removeFrom(int first) {
    count = first;
  }

  private StringNode text(String text) {
    int length = text.length();
    if (length == 0 || length > SHORT) {
      return StringNode.valueOf(text);
    }
    int place = place(text, length);
    StringNode known = recent[place];
    if (known != null && known.stringValue().equals(text)) {
      return known;
    }
    StringNode node = StringNode.valueOf(text);
    recent[place] = node;
    return node;
  }

  /** Returns about how many bytes of the heap a tree takes that was read here. */
  static long weight(JsonNode tree) {
    return weight(tree, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static long weight(JsonNode tree, Set<JsonNode> texts) {
    if (tree.isString()) {
      return texts.add(tree) ? OWN_TEXT + tree.stringValue().length() : 0;
    }
    long weight = weight(tree.isObject(), tree.size());
    for (JsonNode inside : tree) {
      weight += weight(inside, texts);
    }
    return weight;
  }

  /** Returns about how many bytes an object or an array takes without what is in it. */
  static long weight(boolean isObject, int size) {
    boolean isHashed = isObject && size > CompactMembers.MOST;
    return CONTAINER + (long) (isHashed ? HASHED_MEMBER : MEMBER) * size;
  }

  /** Three characters tell short texts apart well enough, and faster than all of them. */
  private static int place(String text, int length) {
    int hash = length * 31 + text.charAt(0);
    hash = hash * 31 + text.charAt(length - 1);
    hash = hash * 31 + text.charAt(length >> 1);
    return (hash ^ (hash >>> 11)) & (PLACES - 1);
  }
}
