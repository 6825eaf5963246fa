package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.ConnectorException;
import dev.connectorsdk.api.internal.JsonPointers;
import dev.connectorsdk.internal.definition.request.OutgoingRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Texts that were made to hurt, in every place of a definition that holds a text. */
@Tag("H2")
@Timeout(120)
class HostileTextTest {

  private static final Path DEFINITIONS = Path.of("src/test/resources/definitions");

  private static final JsonMapper ASCII =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  @TempDir Path temp;

  static List<String> names() {
    return HostileTexts.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void leadToADefinitionOrToATypedError(String name) {
    HostileTexts.feed(name, this::everywhere);
  }

  private void everywhere(String hostile) throws Exception {
    for (String definition : List.of("workshop", "hooks")) {
      for (String file : List.of("apiDefinition.swagger.json", "apiProperties.json")) {
        JsonNode original =
            JsonMapper.shared()
                .readTree(Files.readAllBytes(DEFINITIONS.resolve(definition).resolve(file)));
        for (String pointer : pointers(original)) {
          Path folder = copy(definition);
          Files.writeString(
              folder.resolve(file), ASCII.writeValueAsString(with(original, pointer, hostile)));
          use(folder, definition + " " + file + "#" + pointer);
        }
      }
    }
  }

  private Path copy(String definition) throws Exception {
    Path folder = Files.createDirectories(temp.resolve(definition));
    for (String file : List.of("apiDefinition.swagger.json", "apiProperties.json")) {
      Files.write(
          folder.resolve(file), Files.readAllBytes(DEFINITIONS.resolve(definition).resolve(file)));
    }
    return folder;
  }

  private static List<String> pointers(JsonNode root) {
    List<String> pointers = new ArrayList<>();
    collect(root, "", pointers);
    return pointers;
  }

  private static void collect(JsonNode node, String pointer, List<String> pointers) {
    if (node.isString()) {
      pointers.add(pointer);
    } else if (node instanceof ObjectNode object) {
      object
          .properties()
          .forEach(p -> collect(p.getValue(), JsonPointers.child(pointer, p.getKey()), pointers));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        collect(array.get(i), pointer + "/" + i, pointers);
      }
    }
  }

  private static JsonNode with(JsonNode root, String pointer, String text) {
    JsonNode copy = root.deepCopy();
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = copy.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1).replace("~1", "/").replace("~0", "~");
    if (parent instanceof ObjectNode object) {
      object.set(last, StringNode.valueOf(text));
    } else {
      ((ArrayNode) parent).set(Integer.parseInt(last), StringNode.valueOf(text));
    }
    return copy;
  }

  private static void use(Path folder, String where) {
    try {
      DefinitionCatalogue.load(folder).entries();
      for (LoadOptions options : List.of(LoadOptions.standard(), LoadOptions.standard().strict())) {
        Definition definition = Definition.load(folder, ConnectorId.of("desk"), options);
        for (AuthOption option : definition.connector().authOptions()) {
          assertThat(option.parameters()).isNotNull();
        }
        for (Action<?, ?> action : definition.connector().actions()) {
          call((DefinitionAction) action);
        }
        definition.connector().triggers().forEach(t -> t.configuration().givenSchema());
      }
    } catch (ConnectorException expected) {
      assertThat(expected.getMessage()).as(where).isNotNull();
    } catch (Throwable other) {
      throw new AssertionError(where + ": " + other, other);
    }
  }

  private static void call(DefinitionAction action) {
    JsonNode schema = action.input().givenSchema();
    action.output().givenSchema();
    if (!action.operation().isSupported()) {
      return;
    }
    try {
      OutgoingRequest request = action.client().request(new SchemaSample(schema).value());
      assertThat(request.target()).doesNotContain(" ", "\r", "\n", "\0");
    } catch (ConnectorException expected) {
      assertThat(expected.getMessage()).isNotNull();
    }
  }
}
