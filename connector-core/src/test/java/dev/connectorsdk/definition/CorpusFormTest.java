package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.Choices;
import dev.connectorsdk.api.Choices.Kind;
import dev.connectorsdk.api.Form;
import dev.connectorsdk.api.FormSchema;
import dev.connectorsdk.api.PollingTrigger;
import dev.connectorsdk.api.Shape;
import dev.connectorsdk.api.Trigger;
import dev.connectorsdk.api.WebhookTrigger;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.error.DefinitionException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.schema.JsonSettings;
import dev.connectorsdk.internal.schema.Schemas;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The forms and triggers of definitions as they are published. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(Corpus.Present.class)
class CorpusFormTest {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int ROUNDS = 5;

  private final List<Definition> definitions = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private final List<String> incomplete = new ArrayList<>();

  @BeforeAll
  void loadAll() throws IOException {
    for (Path directory : Corpus.directories()) {
      try {
        definitions.add(Definition.load(directory));
      } catch (DefinitionException broken) {
        count("definitions that cannot be loaded");
      }
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  @Test
  void offersChoicesAndSchemasWhereverADefinitionSaysSo() {
    for (Definition definition : definitions) {
      Schemas schemas = new Schemas(JsonSettings.newMapper());
      for (Action<?, ?> action : definition.connector().actions()) {
        if (!definition.report().operation(action.id()).orElseThrow().isSupported()) {
          count("operations that cannot be called");
          continue;
        }
        Form form = action.form().orElseThrow();
        fillIn(definition, schemas, action.id(), action.input(), form);
      }
      for (Trigger<?, ?> trigger : definition.connector().triggers()) {
        Form form = trigger.form().orElseThrow();
        fillIn(definition, schemas, trigger.id(), trigger.configuration(), form);
      }
    }

    System.out.println("Forms of " + definitions.size() + " definitions: " + counts);
    incomplete.forEach(line -> System.out.println("  incomplete call: " + line));
    assertThat(problems).isEmpty();
    assertThat(incomplete.size())
        .isLessThanOrEqualTo(counts.get("calls for choices and schemas") / 100);
  }

  /** Answers nothing, and makes sure that what is called exists and gets what it asks for. */
  private Form.Calls calls(Definition definition, Schemas schemas, String where) {
    return (id, input) -> {
      count("calls for choices and schemas");
      Action<?, ?> action = definition.connector().action(id).orElse(null);
      if (action == null) {
        problems.add(where + " calls " + id + ", which is no action");
      } else {
        try {
          schemas.validatorFor(action.input()).read(id, input);
        } catch (ConnectorException refused) {
          incomplete.add(where + ": " + refused.getMessage());
        }
      }
      return JSON.objectNode();
    };
  }

  private void fillIn(
      Definition definition, Schemas schemas, String id, Shape<?> input, Form form) {
    String where = definition + " " + id;
    Form.Calls calls = calls(definition, schemas, where);
    JsonNode schema = input.givenSchema();
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      collect(schema, property.getValue(), property.getKey(), new HashSet<>(), paths);
    }
    try {
      for (String path : paths) {
        choose(where, path, form, calls);
      }
      know(where + " input", form::input, calls);
      know(where + " output", form::output, calls);
    } catch (Exception e) {
      problems.add(where + ": " + e);
    }
  }

  private void choose(String where, String path, Form form, Form.Calls calls) throws Exception {
    Choices choices = form.choices(path, JSON.objectNode(), null, calls);
    count(choices.kind() + (choices.waitingFor().isEmpty() ? "" : " after another input"));
    if (choices.kind() == Kind.NONE) {
      problems.add(where + " says that there are choices for " + path + ", and has none");
    }
    ObjectNode inputs = JSON.objectNode();
    for (int round = 0; round < ROUNDS && !choices.waitingFor().isEmpty(); round++) {
      choices.waitingFor().forEach(missing -> inputs.put(missing, "1"));
      choices = form.choices(path, inputs, null, calls);
    }
    if (!choices.waitingFor().isEmpty()) {
      problems.add(where + " " + path + " waits for ever for " + choices.waitingFor());
    }
  }

  private interface Described {
    FormSchema given(JsonNode inputs, Form.Calls calls) throws Exception;
  }

  private void know(String where, Described described, Form.Calls calls) throws Exception {
    ObjectNode inputs = JSON.objectNode();
    FormSchema schema = described.given(inputs, calls);
    for (int round = 0; round < ROUNDS && !schema.isComplete(); round++) {
      count("schemas after another input");
      schema.waitingFor().forEach(missing -> inputs.put(missing, "1"));
      schema = described.given(inputs, calls);
    }
    if (!schema.isComplete()) {
      problems.add(where + " waits for ever for " + schema.waitingFor());
    }
  }

  private static void collect(
      JsonNode root, JsonNode schema, String path, Set<String> open, List<String> paths) {
    if (schema.has("x-choices")) {
      paths.add(path);
    }
    String target = schema.path("$ref").asString("");
    if (target.isEmpty()) {
      collectMembers(root, schema, path, open, paths);
    } else if (open.add(target)) {
      collectMembers(root, root.at(target.substring(1)), path, open, paths);
      open.remove(target);
    }
  }

  private static void collectMembers(
      JsonNode root, JsonNode schema, String path, Set<String> open, List<String> paths) {
    if (paths.size() > 500) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
      String below = path + "/" + JsonPointers.escape(property.getKey());
      collect(root, property.getValue(), below, open, paths);
    }
    if (schema.path("items").isObject()) {
      collect(root, schema.path("items"), path + "/0", open, paths);
    }
    schema.path("allOf").forEach(part -> collect(root, part, path, open, paths));
  }

  @Test
  void makesTriggersOfAllOperationsThatAreSome() {
    Map<String, Integer> kinds = new TreeMap<>();
    for (Definition definition : definitions) {
      List<DefinitionReport.Operation> declared =
          definition.report().operations().stream()
              .filter(DefinitionReport.Operation::isTrigger)
              .toList();
      List<Trigger<?, ?>> triggers = definition.connector().triggers();
      assertThat(triggers)
          .extracting(Trigger::id)
          .containsExactlyElementsOf(
              declared.stream().map(DefinitionReport.Operation::id).toList());
      for (int i = 0; i < triggers.size(); i++) {
        DefinitionReport.Trigger kind = declared.get(i).trigger();
        Trigger<?, ?> trigger = triggers.get(i);
        kinds.merge(kind.kind() + (kind.batch() ? " batch" : " single"), 1, Integer::sum);
        if (!declared.get(i).isSupported()) {
          kinds.merge("unusable: " + declared.get(i).obstacles(), 1, Integer::sum);
        }
        boolean webhook = kind.kind() == DefinitionReport.TriggerKind.WEBHOOK;
        assertThat(trigger).isInstanceOf(webhook ? WebhookTrigger.class : PollingTrigger.class);
        assertThat(trigger.configuration().givenSchema().path("type").asString())
            .isEqualTo("object");
        if (trigger.event().givenSchema().size() <= 2) {
          kinds.merge("events that can be anything", 1, Integer::sum);
        }
      }
    }

    System.out.println("Triggers: " + kinds);
    assertThat(kinds).containsKeys("WEBHOOK single", "POLLING batch", "SERVICE_POLLING batch");
  }
}
