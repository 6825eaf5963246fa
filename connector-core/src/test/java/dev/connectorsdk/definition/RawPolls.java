package dev.connectorsdk.definition;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.Request;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The polling triggers of a definition, read from its files by Jackson alone: what the service that
 * the definition describes would be asked, and would answer.
 */
record RawPolls(RawWebhooks raw, JsonNode properties) {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String OLD = "2024-05-01T10:00:00Z";
  private static final String NEW = "2024-05-02T10:00:00Z";
  private static final Pattern EXPRESSION = Pattern.compile("@\\{triggerBody\\(\\)([^}]*)}");

  /**
   * One trigger.
   *
   * @param compares whether a policy has a list compared
   * @param answers what the service answers, one poll after the other
   */
  record Polled(String id, boolean compares, List<Answer> answers) {}

  /**
   * One answer.
   *
   * @param asked the query parameters that the question has to have
   * @param path how the path of the question has to end, or {@code null}
   * @param body {@code null} for none
   * @param location {@code null} for none
   * @param events what the trigger is to find in it
   */
  record Answer(
      Map<String, String> asked,
      String path,
      int status,
      JsonNode body,
      String location,
      List<JsonNode> events) {

    boolean isAskedFor(Request request) {
      return asked.entrySet().stream()
              .allMatch(e -> e.getValue().equals(request.url().queryParameter(e.getKey())))
          && (path == null || request.url().encodedPath().endsWith(path));
    }
  }

  static RawPolls in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      Path file =
          files
              .filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".json"))
              .filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).contains("propert"))
              .findFirst()
              .orElse(null);
      String text =
          file == null ? "{}" : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      return new RawPolls(
          RawWebhooks.in(directory),
          JsonMapper.shared().readTree(text.startsWith("\uFEFF") ? text.substring(1) : text));
    }
  }

  List<Polled> all() {
    List<Polled> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> item : raw.document().path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : item.getValue().properties()) {
        JsonNode operation = method.getValue();
        if (operation.isObject()
            && operation.has("x-ms-trigger")
            && !item.getValue().has("x-ms-notification-content")
            && !operation.toString().contains("x-ms-notification-url")) {
          all.add(polled(item.getKey(), operation));
        }
      }
    }
    return all;
  }

  private Polled polled(String path, JsonNode operation) {
    String id = operation.path("operationId").asString("");
    JsonNode sample = raw.sample(operation.path("responses").path("200").path("schema"));
    List<JsonNode> others = new ArrayList<>();
    JsonNode policy = policy(id, others);
    String fixed = others.isEmpty() && !path.contains("{") ? path : null;
    return policy == null
        ? new Polled(id, false, counted(path, fixed, operation, sample))
        : new Polled(id, true, compared(fixed, policy, operation, sample));
  }

  private JsonNode policy(String operation, List<JsonNode> others) {
    JsonNode polling = null;
    for (JsonNode instance : properties.path("properties").path("policyTemplateInstances")) {
      JsonNode operations = instance.path("parameters").path("x-ms-apimTemplate-operationName");
      boolean covers = operations.isMissingNode() || operations.isEmpty();
      for (JsonNode name : operations) {
        covers |= name.asString("").equals(operation);
      }
      if (covers && instance.path("templateId").asString("").equalsIgnoreCase("pollingtrigger")) {
        polling = instance.path("parameters");
      } else if (covers) {
        others.add(instance);
      }
    }
    return polling;
  }

  /** The service names a place, then one with something at it, and then nothing more. */
  private List<Answer> counted(String path, String fixed, JsonNode operation, JsonNode sample) {
    JsonNode body = sample;
    JsonNode list = list(body);
    boolean batch = operation.path("x-ms-trigger").asString("").equals("batch") && list != null;
    List<JsonNode> events = batch ? items(list) : List.of(body);
    String place = raw.location(path.replaceAll("\\{[^}]*}", "p7")) + "?triggerState=";
    Map<String, String> one = Map.of("triggerState", "1");
    return List.of(
        new Answer(Map.of(), fixed, 202, null, place + "1", List.of()),
        new Answer(one, fixed, 200, body, place + "2", events),
        new Answer(Map.of("triggerState", "2"), fixed, 202, null, null, List.of()),
        new Answer(Map.of("triggerState", "2"), fixed, 202, null, null, List.of()));
  }

  private static JsonNode list(JsonNode body) {
    if (body.isArray() || body.path("value").isArray()) {
      return body.isArray() ? body : body.path("value");
    }
    for (JsonNode member : body) {
      if (member.isArray()) {
        return member;
      }
    }
    return null;
  }

  private static List<JsonNode> items(JsonNode list) {
    List<JsonNode> items = new ArrayList<>();
    list.forEach(items::add);
    return items;
  }

  /** The service lists what was there, then what is new before it, and then the same again. */
  private List<Answer> compared(
      String fixed, JsonNode policy, JsonNode operation, JsonNode sample) {
    String path = fixed == null ? null : fixed.replaceFirst("^/trigger", "");
    JsonNode config = policy.path("x-ms-apimTemplateParameter.triggerConfig");
    List<String> data =
        steps(
            policy
                .path("x-ms-apimTemplateParameter.triggerDataPath")
                .asString("")
                .replace("@triggerBody()", ""));
    ObjectNode before = body(sample, data, config, List.of(1));
    ObjectNode after = body(sample, data, config, List.of(2, 1));
    Map<String, String> old = state(config, before);
    Map<String, String> now = state(config, after);
    JsonNode item = at(after, data).path(0);
    Map<String, String> none = defaults(operation, old);
    return List.of(
        new Answer(none, path, 200, before, null, List.of()),
        new Answer(old, path, 200, after, null, List.of(item)),
        new Answer(now, path, 200, after, null, List.of()),
        new Answer(now, path, 200, with(after, data, JSON.arrayNode()), null, List.of()),
        new Answer(now, path, 200, after, null, List.of()));
  }

  /** Returns what a parameter that carries the state says to be sent as long as there is none. */
  private Map<String, String> defaults(JsonNode operation, Map<String, String> state) {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (JsonNode parameter : operation.path("parameters")) {
      String name = parameter.path("name").asString("");
      if (state.containsKey(name) && parameter.path("default").isValueNode()) {
        defaults.put(name, parameter.path("default").asString());
      }
    }
    return defaults;
  }

  private ObjectNode body(
      JsonNode sample, List<String> data, JsonNode config, List<Integer> numbers) {
    JsonNode one = at(sample, data).path(0);
    ArrayNode items = JSON.arrayNode();
    for (int number : numbers) {
      ObjectNode item = one instanceof ObjectNode object ? object.deepCopy() : JSON.objectNode();
      item.put("played", number);
      items.add(item);
    }
    ObjectNode body = with(sample, data, items);
    for (JsonNode template : config) {
      Matcher matcher = EXPRESSION.matcher(template.asString(""));
      while (matcher.find()) {
        List<String> steps = steps(matcher.group(1));
        boolean inItem = steps.size() > data.size() && steps.subList(0, data.size()).equals(data);
        for (int i = 0; i < (inItem ? numbers.size() : 1); i++) {
          List<String> way = new ArrayList<>(steps);
          if (inItem) {
            way.set(data.size(), Integer.toString(i));
          }
          set(body, way, numbers.get(i));
        }
      }
    }
    return body;
  }

  private static void set(JsonNode body, List<String> way, int number) {
    JsonNode parent = at(body, way.subList(0, way.size() - 1));
    if (parent instanceof ObjectNode object) {
      String name = way.get(way.size() - 1);
      if (object.path(name).isNumber()) {
        object.put(name, number);
      } else {
        object.put(name, number == 1 ? OLD : NEW);
      }
    }
  }

  private static ObjectNode with(JsonNode sample, List<String> data, ArrayNode items) {
    ObjectNode body = sample instanceof ObjectNode object ? object.deepCopy() : JSON.objectNode();
    JsonNode parent = at(body, data.subList(0, data.size() - 1));
    ((ObjectNode) parent).set(data.get(data.size() - 1), items);
    return body;
  }

  private static Map<String, String> state(JsonNode config, JsonNode body) {
    Map<String, String> state = new LinkedHashMap<>();
    config.forEachEntry(
        (name, template) -> {
          Matcher matcher = EXPRESSION.matcher(template.asString(""));
          StringBuilder text = new StringBuilder();
          while (matcher.find()) {
            String value = at(body, steps(matcher.group(1))).asString();
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
          }
          if (!name.isBlank()) {
            state.put(name, matcher.appendTail(text).toString());
          }
        });
    return state;
  }

  private static List<String> steps(String path) {
    return Stream.of(path.replace("[", ".").replace("]", "").split("\\."))
        .map(step -> step.replace("'", "").replace("?", ""))
        .filter(step -> !step.isEmpty())
        .toList();
  }

  private static JsonNode at(JsonNode body, List<String> steps) {
    JsonNode at = body;
    for (String step : steps) {
      at = at.isArray() ? at.path(Integer.parseInt(step)) : at.path(step);
    }
    return at;
  }
}
