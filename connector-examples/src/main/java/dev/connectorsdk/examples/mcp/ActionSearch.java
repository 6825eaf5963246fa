package dev.connectorsdk.examples.mcp;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.DefinitionException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Three tools in place of one for each action: to find actions, describe one, and call it. */
final class ActionSearch {

  static final String SEARCH = "search_actions";
  static final String DESCRIBE = "describe_action";
  static final String CALL = "call_action";

  private static final int MOST = 50;
  private static final int STANDARD = 10;

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final ObjectNode ANY = object("{'type':'object'}");

  private static final List<Tool> TOOLS =
      List.of(
          new Tool(
              SEARCH,
              "Search actions",
              "Finds actions of connected services by words of their titles, ids and services.",
              object(
                  """
                  {'type':'object','required':['query'],'properties':{
                    'query':{'type':'string','description':'Words, such as: open ticket'},
                    'connector':{'type':'string','description':'Only actions of this connector'},
                    'limit':{'type':'integer','minimum':1,'maximum':50,'default':10}}}"""),
              object(
                  """
                  {'type':'object','properties':{
                    'items':{'type':'array','items':{'type':'object','properties':{
                      'name':{'type':'string'},'title':{'type':'string'},
                      'connector':{'type':'string'},'effect':{'type':'string'},
                      'needsConfirmation':{'type':'boolean'}}}},
                    'found':{'type':'integer','description':'How many there are'}}}"""),
              Effect.READ,
              false),
          new Tool(
              DESCRIBE,
              "Describe an action",
              "Returns what an action does, and the JSON Schema of its input.",
              object(
                  """
                  {'type':'object','required':['name'],'properties':{
                    'name':{'type':'string','description':'As a search has returned it'}}}"""),
              ANY,
              Effect.READ,
              false),
          new Tool(
              CALL,
              "Call an action",
              "Calls an action with the input that its description asks for.",
              object(
                  """
                  {'type':'object','required':['name','arguments'],'properties':{
                    'name':{'type':'string','description':'As a search has returned it'},
                    'arguments':{'type':'object','description':'The input of the action'}}}"""),
              ANY,
              Effect.DESTRUCTIVE,
              false));

  private final ServedSet served;
  private final PermittedActions permitted;

  ActionSearch(ServedSet served, PermittedActions permitted) {
    this.served = served;
    this.permitted = permitted;
  }

  private static ObjectNode object(String json) {
    return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
  }

  static List<Tool> tools() {
    return TOOLS;
  }

  private record Hit(ServedAction action, int score) {}

  /** Returns the actions that fit a query best, of those that may be called. */
  ToolAnswer find(ObjectNode arguments) {
    String connector = arguments.path("connector").asString("");
    List<String> words =
        Stream.of(lower(arguments.path("query").asString("")).split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .toList();
    if (words.isEmpty() && connector.isEmpty()) {
      return ToolAnswer.error("Nothing to search for: give 'query' some words.");
    }
    List<Hit> hits = new ArrayList<>();
    for (ServedAction action : served.all()) {
      int score = score(action, words);
      if ((score > 0 || words.isEmpty())
          && (connector.isEmpty() || action.connector().value().equals(connector))
          && permitted.permits(action)) {
        hits.add(new Hit(action, score));
      }
    }
    hits.sort(Comparator.comparingInt(Hit::score).reversed());
    return answer(hits, arguments.path("limit").asInt(STANDARD));
  }

  private ToolAnswer answer(List<Hit> hits, int limit) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    ArrayNode items = content.putArray("items");
    for (Hit hit : hits) {
      if (items.size() >= Math.max(1, Math.min(limit, MOST))) {
        break;
      }
      callable(hit.action()).ifPresent(action -> describe(hit.action(), action, items.addObject()));
    }
    content.put("found", hits.size());
    return ToolAnswer.of(content);
  }

  /** What cannot be called is not offered; nor is what cannot be read any more. */
  private Optional<Action<?, ?>> callable(ServedAction action) {
    try {
      return served.read(action);
    } catch (DefinitionException e) {
      return Optional.empty();
    }
  }

  private static void describe(ServedAction served, Action<?, ?> action, ObjectNode to) {
    to.put("name", served.name());
    to.put("title", Tool.shortened(action.title(), Tool.LONGEST_TITLE));
    to.put("connector", served.connector().value());
    to.put("effect", action.effect().name());
    to.put("needsConfirmation", action.needsConfirmation());
  }

  /** Returns what an agent has to know before it calls an action. */
  static ObjectNode describe(ServedAction served, Action<?, ?> action, JsonNode input) {
    ObjectNode content = JsonNodeFactory.instance.objectNode();
    describe(served, action, content);
    content.put("description", Tool.shortened(action.description(), Tool.LONGEST_DESCRIPTION));
    content.set("input", ToolSchemas.wholeInput(input));
    return content;
  }

  private static int score(ServedAction action, List<String> words) {
    String title = lower(action.title());
    String id = lower(action.operation());
    String connector = lower(action.connectorTitle()) + " " + action.connector();
    int score = 0;
    for (String word : words) {
      score += title.contains(word) ? 3 : 0;
      score += id.contains(word) ? 2 : 0;
      score += connector.contains(word) ? 2 : 0;
    }
    return score;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
