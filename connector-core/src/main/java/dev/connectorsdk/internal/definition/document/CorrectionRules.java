package dev.connectorsdk.internal.definition.document;

import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.Effect;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.JsonPointers;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the file of a host's corrections may hold. */
public final class CorrectionRules {

  private static final Set<String> MEMBERS =
      Set.of(
          "title",
          "description",
          "baseUrl",
          "fileHosts",
          "issuer",
          "refusedBy",
          "test",
          "operations");
  private static final Set<String> OF_REFUSAL = Set.of("status", "place", "values");
  private static final Set<String> OF_TEST = Set.of("operation", "input");
  private static final Set<String> OF_OPERATION =
      Set.of("title", "description", "effect", "visibility", "defaults", "waits", "disabled");
  private static final Set<String> VISIBILITIES =
      Set.of("normal", "important", "advanced", "internal");
  private static final Set<String> EFFECTS =
      Arrays.stream(Effect.values()).map(Enum::name).collect(Collectors.toSet());
  private static final Pattern ISSUER = Pattern.compile("https://[^/?#@\\s{}]+(/[^?#\\s{}]*)?");
  private static final Pattern BASE_URL = Pattern.compile("https?://[^/?#@\\s{}]+(/[^?#\\s{}]*)?");

  private final String file;

  private CorrectionRules(String file) {
    this.file = file;
  }

  /**
   * Goes through a file.
   *
   * @throws DefinitionException for the first thing that is wrong
   */
  public static void check(String file, JsonNode root) {
    new CorrectionRules(file).all(root);
  }

  public static DefinitionException wrong(String file, String pointer, String problem) {
    return new DefinitionException(file, 0, 0, pointer + " " + problem);
  }

  private void all(JsonNode root) {
    members(root, "", MEMBERS);
    text(root, "", "title");
    text(root, "", "description");
    one(root, "", "baseUrl", url -> BASE_URL.matcher(url).matches(), "an http or https URL");
    one(root, "", "issuer", url -> ISSUER.matcher(url).matches(), "an https URL without query");
    fileHosts(root);
    refusedBy(root);
    JsonNode test = root.path("test");
    if (root.has("test") && !test.isNull()) {
      members(test, "/test", OF_TEST);
      if (!test.path("operation").isString()) {
        throw wrong(file, "/test/operation", "must be the id of an operation");
      }
      object(test, "/test", "input");
    }
    object(root, "", "operations");
    for (Map.Entry<String, JsonNode> entry : root.path("operations").properties()) {
      String pointer = JsonPointers.child("/operations", entry.getKey());
      JsonNode operation = entry.getValue();
      members(operation, pointer, OF_OPERATION);
      text(operation, pointer, "title");
      text(operation, pointer, "description");
      text(operation, pointer, "disabled");
      one(operation, pointer, "effect", EFFECTS::contains, "one of " + new TreeSet<>(EFFECTS));
      one(
          operation,
          pointer,
          "visibility",
          VISIBILITIES::contains,
          "one of " + new TreeSet<>(VISIBILITIES));
      object(operation, pointer, "defaults");
      if (operation.has("waits") && !operation.path("waits").isBoolean()) {
        throw wrong(file, JsonPointers.child(pointer, "waits"), "must be true or false");
      }
    }
  }

  private void fileHosts(JsonNode root) {
    JsonNode hosts = root.path("fileHosts");
    if (root.has("fileHosts") && !hosts.isArray()) {
      throw wrong(file, "/fileHosts", "must be a list of host names");
    }
    for (int i = 0; i < hosts.size(); i++) {
      if (!FileHosts.isOne(hosts.get(i))) {
        throw wrong(file, "/fileHosts/" + i, "must be a host name, or *. with a domain");
      }
    }
  }

  private void refusedBy(JsonNode root) {
    JsonNode answers = root.path("refusedBy");
    if (root.has("refusedBy") && !answers.isArray()) {
      throw wrong(file, "/refusedBy", "must be a list of answers");
    }
    for (int i = 0; i < answers.size(); i++) {
      String pointer = "/refusedBy/" + i;
      JsonNode answer = answers.get(i);
      members(answer, pointer, OF_REFUSAL);
      text(answer, pointer, "place");
      JsonNode values = answer.path("values");
      boolean areTexts = values.isArray() && values.valueStream().allMatch(JsonNode::isString);
      if (answer.has("values") && !(areTexts && answer.has("place"))) {
        throw wrong(file, pointer + "/values", "must be a list of texts, with a place");
      }
      try {
        Refusals.addedTo(AuthOption.bearer(), JsonNodeFactory.instance.arrayNode().add(answer));
      } catch (IllegalArgumentException e) {
        throw wrong(file, pointer, "refuses nothing: " + e.getMessage());
      }
    }
  }

  private void members(JsonNode node, String pointer, Set<String> known) {
    if (!node.isObject()) {
      throw wrong(file, pointer.isEmpty() ? "/" : pointer, "must be an object");
    }
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw wrong(file, JsonPointers.child(pointer, name), "is none of " + new TreeSet<>(known));
      }
    }
  }

  private void text(JsonNode node, String pointer, String name) {
    one(node, pointer, name, text -> !text.isBlank(), "a text");
  }

  private void one(
      JsonNode node, String pointer, String name, Predicate<String> fits, String expected) {
    JsonNode value = node.get(name);
    if (value != null && !(value.isString() && fits.test(value.stringValue()))) {
      throw wrong(file, JsonPointers.child(pointer, name), "must be " + expected);
    }
  }

  private void object(JsonNode node, String pointer, String name) {
    JsonNode value = node.get(name);
    if (value != null && !value.isObject()) {
      throw wrong(file, JsonPointers.child(pointer, name), "must be an object");
    }
  }
}
