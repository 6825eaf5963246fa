package dev.connectorsdk.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectorsdk.api.Action;
import dev.connectorsdk.api.AuthOption;
import dev.connectorsdk.api.ConnectorId;
import dev.connectorsdk.api.error.ConnectorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
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

  private static final int LONG = 10_000;
  private static final Path DEFINITIONS = Path.of("src/test/resources/definitions");

  private static final JsonMapper ASCII =
      JsonMapper.builder(JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build())
          .build();

  @TempDir Path temp;

  static Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    texts.put("brackets", "(".repeat(LONG) + ")".repeat(LONG));
    texts.put("a pattern that backtracks", "^(a+)+$");
    texts.put("braces", "{".repeat(LONG));
    texts.put("placeholders", "{a}".repeat(LONG));
    texts.put("a host of placeholders", "https://" + "{a}".repeat(LONG) + "/x");
    texts.put("a host of parameters", "https://" + "{token:host}".repeat(LONG) + "/x");
    texts.put("a placeholder of blanks", "{" + " ".repeat(LONG));
    texts.put("blanks", " ".repeat(LONG) + "x");
    texts.put("a call of blanks", "@queryParameters(" + " ".repeat(LONG));
    texts.put("nested calls", "@if(".repeat(LONG));
    texts.put("expressions", "@{".repeat(LONG));
    texts.put("quotes", "'" + "''".repeat(LONG));
    texts.put("a long quote", "(id eq '" + "a".repeat(LONG) + "')");
    texts.put("indices", "[0]".repeat(LONG));
    texts.put("members", ".a".repeat(LONG));
    texts.put("segments", "/a".repeat(LONG));
    texts.put("negations", "not ".repeat(LONG));
    texts.put("labels", "a.".repeat(LONG) + "example");
    texts.put("reference", "#/" + "a/".repeat(LONG));
    texts.put("JNDI", "${jndi:ldap://127.0.0.1:1/a}");
    texts.put("SpEL", "T(java.lang.Runtime).getRuntime().exec('x')");
    texts.put("EL", "#{7*7}${7*7}{{7*7}}");
    texts.put("line breaks", "a\r\nX-Evil: 1\r\n\r\n");
    texts.put("nothing", "\0");
    texts.put("half a character", "\uD83D");
    return texts;
  }

  static List<String> names() {
    return List.copyOf(texts().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void leadToADefinitionOrToATypedError(String name) throws Exception {
    AtomicReference<Throwable> failed = new AtomicReference<>();
    // With as little stack as the threads of a host have.
    Thread small = new Thread(null, () -> catching(name, failed), "small", 256 * 1024);
    small.start();
    small.join();
    assertThat(failed.get()).isNull();
  }

  private void catching(String name, AtomicReference<Throwable> failed) {
    try {
      asFilterAndPath(texts().get(name));
      everywhere(texts().get(name));
    } catch (Throwable e) {
      failed.set(e);
    }
  }

  private static void asFilterAndPath(String hostile) {
    JsonNode item = Folder.json("{'id': 'a', 'folder': true}");
    for (Runnable use :
        new Runnable[] {
          () -> ItemFilter.matches(hostile, item),
          () -> JsonPath.of(hostile).find(item),
          () -> PathString.at(item, hostile),
          () -> PolicyText.of(hostile),
          () -> HostParameters.of(hostile)
        }) {
      try {
        use.run();
      } catch (ConnectorException expected) {
        assertThat(expected.getMessage()).isNotNull();
      }
    }
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
          .forEach(p -> collect(p.getValue(), Lookup.pointer(pointer, p.getKey()), pointers));
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
      for (LoadOptions options : List.of(LoadOptions.standard(), LoadOptions.standard().strict())) {
        Definition definition = Definition.load(folder, ConnectorId.of("desk"), options);
        DefinitionCatalogue.load(folder).entries();
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
      OutgoingRequest request = action.request(new SchemaSample(schema).value());
      assertThat(request.target()).doesNotContain(" ", "\r", "\n", "\0");
    } catch (ConnectorException expected) {
      assertThat(expected.getMessage()).isNotNull();
    }
  }
}
