package dev.connectorsdk.internal.definition.policy;

import dev.connectorsdk.internal.definition.document.JsonPath;
import dev.connectorsdk.internal.definition.document.Lookup;
import dev.connectorsdk.internal.definition.document.PathString;
import dev.connectorsdk.internal.definition.document.Scalars;
import dev.connectorsdk.internal.definition.policy.PolicyText.Call;
import dev.connectorsdk.internal.definition.request.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a trigger finds new items by asking for a list: which query parameters carry the state, and
 * how their values follow from an answer.
 *
 * @param templates query parameters with what they are set to; inserts such as
 *     {@code @{triggerBody().value[0].id}} are taken from the last answer that had items
 * @param data where the items are
 * @param link where the link to the next page is
 * @param newestFirst whether the first item of a list is the newest
 */
public record PollingPolicy(
    Map<String, String> templates, JsonPath data, JsonPath link, boolean newestFirst) {

  private static final String NEXT_LINK = "x-ms-triggerConfig-nextLink";
  private static final JsonPath USUAL_LINK = new JsonPath(List.of("@odata.nextLink"));
  private static final Pattern INSERT =
      Pattern.compile(
          "@\\{\\s*triggerBody\\(\\)\\??([^}]*)}|^@triggerBody\\(\\)\\??(.*)$",
          Pattern.CASE_INSENSITIVE);
  private static final String LAST = "[last]";

  public PollingPolicy {
    templates = Map.copyOf(templates);
  }

  /** Reads the arguments of a policy {@code pollingtrigger}. */
  static PollingPolicy of(PolicyArguments arguments) {
    Map<String, String> templates = new LinkedHashMap<>();
    JsonNode config = arguments.json("triggerConfig");
    if (config != null) {
      for (Map.Entry<String, JsonNode> entry : config.properties()) {
        String text = Scalars.text(entry.getValue());
        if (!entry.getKey().isBlank() && text != null) {
          templates.put(entry.getKey(), requireInsertsOnly(text));
        }
      }
    }
    String link = templates.remove(NEXT_LINK);
    JsonNode data = arguments.json("triggerDataPath");
    String text = data == null || !data.isString() ? "" : data.stringValue().trim();
    Matcher insert = INSERT.matcher(text);
    JsonPath items = JsonPath.of(insert.matches() ? path(insert) : text);
    return new PollingPolicy(templates, items, link(link), true);
  }

  /** What would be sent as it is written is no value of this connection. */
  private static String requireInsertsOnly(String template) {
    PolicyText rest = PolicyText.of(INSERT.matcher(template).replaceAll(""));
    for (Call call : rest.calls()) {
      PolicyArguments.require(false, "triggerConfig", call);
    }
    PolicyArguments.requireRead("triggerConfig", rest);
    return template;
  }

  /** What is no expression is the name of a member, which may have a dot in it. */
  private static JsonPath link(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return USUAL_LINK;
    }
    Matcher insert = INSERT.matcher(text.trim());
    return insert.matches() ? JsonPath.of(path(insert)) : new JsonPath(List.of(text.trim()));
  }

  /**
   * Returns what {@code x-ms-trigger-value} of a parameter says, or {@code null} if none has it.
   */
  public static @Nullable PollingPolicy ofParameters(List<Parameter> parameters) {
    for (Parameter parameter : parameters) {
      JsonNode value = parameter.node().path("x-ms-trigger-value");
      if (value.isObject()) {
        String collection = Lookup.findText(value, "value-collection");
        String path = Lookup.findText(value, "value-path");
        String inside = path == null ? "" : "/" + path;
        return new PollingPolicy(
            Map.of(parameter.name(), LAST + inside),
            collection == null ? JsonPath.SELF : new JsonPath(PathString.segments(collection)),
            USUAL_LINK,
            false);
      }
    }
    return null;
  }

  private static String path(Matcher insert) {
    String path = insert.group(1) == null ? insert.group(2) : insert.group(1);
    return path.trim();
  }

  /** Returns the items of an answer; a missing node or something else if there is no list. */
  public @Nullable JsonNode items(JsonNode body) {
    return data.find(body);
  }

  /** Returns the link to the page after an answer, or {@code null} if it is the last one. */
  public @Nullable String nextLink(JsonNode body) {
    JsonNode found = link.find(body);
    String text = found == null ? null : Scalars.text(found);
    return text == null || text.isBlank() ? null : text;
  }

  /** Returns the state after an answer: a value for each query parameter that is known. */
  public ObjectNode state(JsonNode body) {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    templates.forEach(
        (name, template) -> {
          String value = template.startsWith(LAST) ? last(template, body) : filled(template, body);
          if (value != null) {
            state.put(name, value);
          }
        });
    return state;
  }

  private @Nullable String last(String template, JsonNode body) {
    JsonNode items = items(body);
    if (items == null || items.isEmpty()) {
      return null;
    }
    String path = template.substring(LAST.length());
    return Scalars.text(PathString.at(items.get(items.size() - 1), path));
  }

  private static @Nullable String filled(String template, JsonNode body) {
    Matcher inserts = INSERT.matcher(template);
    StringBuilder text = new StringBuilder();
    while (inserts.find()) {
      JsonNode found = JsonPath.of(path(inserts)).find(body);
      String value = found == null ? null : Scalars.text(found);
      if (value == null) {
        return null;
      }
      inserts.appendReplacement(text, Matcher.quoteReplacement(value));
    }
    return inserts.appendTail(text).toString();
  }
}
